// Colours and strokes of the maps. Colours are the page's custom properties, so dark mode and print need nothing else.
// Text from data reaches the picture only through fillText: nothing here parses HTML.

const NAMES = ['card', 'ink', 'ink2', 'ink3', 'line', 'us', 'us-soft', 'tie', 'them', 'firm', 'stale', 'track', 'risk', 'risk-edge',
  'amber', 'amber-rim', 'ok-fill', 'grey-soft', 'focus', 'lane-us', 'lane-us-line', 'lane-them', 'lane-them-line', 'hull', 'hull-line', 'own', 'shared'];
export const C = {};
export let FONT = 'sans-serif';

/** Reads the colours that hold now. */
export function readColours() {
  const style = getComputedStyle(document.documentElement);
  for (const name of NAMES) C[name] = style.getPropertyValue('--' + name).trim();
  FONT = style.getPropertyValue('--font').trim() || FONT;
}

/** The same drawing in the colours of paper, whatever the screen shows. */
export function onPaper(draw) {
  document.documentElement.classList.add('paper');
  readColours();
  try { return draw(); } finally { document.documentElement.classList.remove('paper'); readColours(); }
}

const fitted = new Map();

/** Text cut to a width; measured once, because measuring is the dear part of a frame. */
export function fit(ctx, text, max) {
  const key = ctx.font + '\n' + max + '\n' + text;
  let result = fitted.get(key);
  if (result !== undefined) return result;
  result = text;
  if (ctx.measureText(text).width > max) {
    let low = 0, high = text.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (ctx.measureText(text.slice(0, middle) + '…').width <= max) low = middle; else high = middle - 1;
    }
    result = text.slice(0, low).trimEnd() + '…';
  }
  if (fitted.size > 5000) fitted.clear();
  fitted.set(key, result);
  return result;
}

export function write(ctx, text, x, y, { weight = 400, size = 13, align = 'left', colour = C.ink, max = 0, halo = 0 } = {}) {
  ctx.font = `${weight} ${size}px ${FONT}`;
  ctx.textAlign = align;
  ctx.textBaseline = 'middle';
  const shown = max ? fit(ctx, text, max) : text;
  if (halo) {
    ctx.lineWidth = halo;
    ctx.lineJoin = 'round';
    ctx.strokeStyle = C.card;
    ctx.strokeText(shown, x, y);
  }
  ctx.fillStyle = colour;
  ctx.fillText(shown, x, y);
  return shown;
}

export function circle(ctx, x, y, r) { ctx.beginPath(); ctx.arc(x, y, Math.max(r, 0), 0, 6.2832); }

export function box(ctx, x, y, w, h, r) { ctx.beginPath(); ctx.roundRect(x, y, w, h, r); }

export function tag(ctx, text, x, y, colour, size = 10.5) {
  ctx.font = `700 ${size}px ${FONT}`;
  const w = ctx.measureText(text).width + size * 1.3, h = size * 1.75;
  box(ctx, x - w / 2, y - h / 2, w, h, h / 2);
  ctx.fillStyle = colour;
  ctx.fill();
  write(ctx, text, x, y + 0.5, { weight: 700, size, align: 'center', colour: C.card });
}

export function star(ctx, x, y) {
  ctx.beginPath();
  for (let i = 0; i < 10; i++) {
    const a = -Math.PI / 2 + i * Math.PI / 5, r = i % 2 ? 2.9 : 6.6;
    ctx[i ? 'lineTo' : 'moveTo'](x + r * Math.cos(a), y + r * Math.sin(a));
  }
  ctx.closePath();
  ctx.fillStyle = C['amber-rim'];
  ctx.fill();
}
