/** For a button that takes the row it stands in out of a list or a table: the like button of the row after it, else of
 * the one before, gets the focus, which would be lost with the row. Buttons are alike that stand as far from the end;
 * where a row has none like it, its first stands in. */
export function focusNeighbour(button: HTMLElement, row: Element | null = button.closest('li, tr')): void {
  const neighbour = row?.nextElementSibling ?? row?.previousElementSibling;
  if (!row || !neighbour) return;
  const own = [...row.querySelectorAll('button')];
  const others = [...neighbour.querySelectorAll('button')];
  const place = own.findIndex((other) => other === button) - own.length;
  (others.at(place) ?? others[0])?.focus();
}
