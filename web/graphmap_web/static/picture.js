// The map as a picture to keep: drawn again at twice the size, with title, date and legend.
import { C, box, write } from './ink.js';
import { ground, legend, renderer } from './marks.js';

const HEAD = 58, FOOT = 50, WIDTH = 1400;

/** Draws the whole map into a file; the one on the screen is not touched. */
export function picture(graph, edges, state, names) {
  const b = graph.meta.bounds, height = Math.round(Math.min(Math.max(WIDTH * (b.y1 - b.y0) / (b.x1 - b.x0), 500), 2400));
  const holder = document.createElement('div');
  holder.className = 'offscreen';
  holder.style.width = WIDTH * 2 + 'px';
  holder.style.height = height * 2 + 'px';
  document.body.append(holder);
  const nodes = graph.nodes.map(node => ({ ...node, ctxRenderer: renderer(node, state) }));
  const net = new vis.Network(holder, { nodes: new vis.DataSet(nodes), edges: new vis.DataSet(edges) }, { ...graph.options, interaction: { ...graph.options.interaction, hover: false } });
  const scale = Math.min(WIDTH * 2 / (b.x1 - b.x0), height * 2 / (b.y1 - b.y0));
  net.on('beforeDrawing', ctx => ground(ctx, graph.meta));
  net.on('afterDrawing', ctx => names(ctx, net.getScale() / 2, net.getViewPosition(), WIDTH, height));
  net.moveTo({ position: { x: (b.x0 + b.x1) / 2, y: (b.y0 + b.y1) / 2 }, scale, animation: false });
  net.redraw();
  const map = holder.querySelector('canvas');
  const sheet = document.createElement('canvas');
  sheet.width = WIDTH * 2;
  sheet.height = (height + HEAD + FOOT) * 2;
  const ctx = sheet.getContext('2d');
  box(ctx, 0, 0, sheet.width, sheet.height, 0);
  ctx.fillStyle = C.card;
  ctx.fill();
  ctx.drawImage(map, 0, HEAD * 2, WIDTH * 2, height * 2);
  ctx.scale(2, 2);
  write(ctx, graph.meta.title, 26, 24, { weight: 700, size: 20, max: WIDTH - 52 });
  write(ctx, graph.meta.note, 26, 47, { size: 12.5, colour: C.ink2, max: WIDTH - 52 });
  const end = legend(ctx, graph.meta.legend, 26, HEAD + height + 22);
  write(ctx, 'graphmap', WIDTH - 26, HEAD + height + 22, { weight: 700, size: 12.5, align: 'right', colour: end < WIDTH - 110 ? C.ink3 : C.card });
  net.destroy();
  holder.remove();
  sheet.toBlob(blob => keep(blob, graph.meta.file.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '') + '.png'));
}

function keep(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
