export type ContactSheet = {
  readonly title: string;
  readonly subtitle: string;
  readonly cells: readonly { readonly picture: Blob; readonly caption: string }[];
};

const cell = { width: 320, height: 180, caption: 28 };
const gap = 16;
const header = 72;

/** A sheet of pictures with captions, as print has them: PNG, dark on white in either theme. */
export async function drawContactSheet({ title, subtitle, cells }: ContactSheet): Promise<Blob> {
  const columns = Math.max(1, Math.min(4, Math.ceil(Math.sqrt(cells.length))));
  const rows = Math.ceil(cells.length / columns);
  const canvas = document.createElement('canvas');
  canvas.width = gap + Math.max(2, columns) * (cell.width + gap);
  canvas.height = header + rows * (cell.height + cell.caption + gap);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2d canvas');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#111';
  context.font = '600 22px system-ui, sans-serif';
  context.fillText(title, gap, 34, canvas.width - 2 * gap);
  context.font = '15px system-ui, sans-serif';
  context.fillText(subtitle, gap, 58, canvas.width - 2 * gap);
  for (const [i, { picture, caption }] of cells.entries()) {
    const left = gap + (i % columns) * (cell.width + gap);
    const top = header + Math.floor(i / columns) * (cell.height + cell.caption + gap);
    const bitmap = await createImageBitmap(picture);
    const factor = Math.min(cell.width / bitmap.width, cell.height / bitmap.height);
    const [width, height] = [bitmap.width * factor, bitmap.height * factor];
    context.fillStyle = '#eee';
    context.fillRect(left, top, cell.width, cell.height);
    context.drawImage(bitmap, left + (cell.width - width) / 2, top + (cell.height - height) / 2, width, height);
    bitmap.close();
    context.fillStyle = '#111';
    context.fillText(caption, left, top + cell.height + 20, cell.width);
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the sheet is too large'))), 'image/png');
  });
}
