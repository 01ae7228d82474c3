/** Colours of a saved chart: those of the light theme, whatever is on screen. */
const saved: Readonly<Record<string, string>> = {
  '--chart-1': '#0b62a4',
  '--chart-2': '#b4460f',
  '--chart-3': '#12715b',
  '--chart-4': '#8a3b78',
  '--chart-ink': '#24292e',
  '--chart-quiet': '#5c636a',
  '--chart-line': '#d5d9dd',
  '--chart-on': '#ffffff',
};

/** A drawn chart as a file of its own: no reference to the page, light colours, a white ground. */
export function svgText(drawn: SVGSVGElement, title: string): string {
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  const width = Number(drawn.getAttribute('width'));
  const height = Number(drawn.getAttribute('height'));
  for (const hidden of copy.querySelectorAll('[data-screen-only]')) hidden.remove();
  for (const attribute of ['class', 'style', 'tabindex', 'role', 'aria-hidden']) copy.removeAttribute(attribute);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('viewBox', `0 0 ${width} ${height}`);
  copy.setAttribute('font-family', 'system-ui, sans-serif');
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', '#ffffff');
  const name = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  name.textContent = title;
  copy.prepend(name, ground);
  return new XMLSerializer()
    .serializeToString(copy)
    .replace(/var\((--[a-z0-9-]+)\)/g, (_, key) => saved[key] ?? '#000');
}

/** The picture at twice its size on screen, PNG. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = 2 * image.naturalWidth;
  canvas.height = 2 * image.naturalHeight;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large')))),
  );
}
