/** For a button that takes the row it stands in out of a list or a table: the like button of the row after it, else of
 * the one before, gets the focus, which would be lost with the row. Buttons are alike that stand as far from the end. */
export function focusNeighbour(button: HTMLElement): void {
  const row = button.closest('li, tr');
  const neighbour = row?.nextElementSibling ?? row?.previousElementSibling;
  if (!row || !neighbour) return;
  const own = [...row.querySelectorAll('button')];
  const place = own.findIndex((other) => other === button) - own.length;
  [...neighbour.querySelectorAll('button')].at(place)?.focus();
}
