// Names on the portfolio map: by priority, never on top of each other, more of them as one zooms in.
import { C, FONT, fit, write } from './ink.js';

const hit = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
const around = (node, r) => [node.x - r, node.y - r, node.x + r, node.y + r];

/** A drawer of names for these nodes. */
export function labeller(nodes, state) {
  const named = nodes.filter(n => n.kind === 'rep' || n.kind === 'account')
    .sort((a, b) => (b.kind === 'rep') - (a.kind === 'rep') || a.urgency - b.urgency || b.r - a.r);
  const reps = named.filter(n => n.kind === 'rep');
  return (ctx, scale, centre, width, height) => {
    if (!named.length) return;
    const halfW = width / scale / 2 + 80, halfH = height / scale / 2 + 80, taken = [];
    const budget = scale < 0.7 ? reps.length + 10 : scale < 1.1 ? 70 : 160;
    const inView = named.filter(n => Math.abs(n.x - centre.x) <= halfW && Math.abs(n.y - centre.y) <= halfH);
    const order = state.focus === null ? inView : [...inView].sort((a, b) => state.near.has(b.id) - state.near.has(a.id));
    const hubs = reps.map(n => around(n, n.r));
    const discs = inView.filter(n => n.kind === 'account').map(n => [n, around(n, n.r)]);
    for (const node of order) {
      const isRep = node.kind === 'rep';
      const chosen = state.near.has(node.id) && state.near.size < 60;
      if (!isRep && taken.length >= budget && !chosen) break;
      const dim = state.focus !== null && !state.near.has(node.id);
      if (!isRep && dim) continue;
      const size = isRep ? Math.max(15, Math.min(40, 13.5 / scale)) : Math.max(10, Math.min(19, 11.5 / scale));
      const y = isRep ? node.y - node.hull - size * 0.75 : node.y + node.r + size * 0.8;
      ctx.font = `${isRep ? 700 : 600} ${size}px ${FONT}`;
      const text = fit(ctx, node.label, size * (isRep ? 14 : 11));
      const half = ctx.measureText(text).width / 2 + 3;
      const area = [node.x - half, y - size * (isRep && scale > 0.9 ? 1.7 : 0.62), node.x + half, y + size * 0.62];
      if (!isRep && node.id !== state.focus && (taken.some(q => hit(q, area)) || hubs.some(q => hit(q, area))
        || (scale < 0.9 && discs.some(([other, q]) => other !== node && hit(q, area))))) continue;
      taken.push(area);
      ctx.save();
      if (dim) ctx.globalAlpha = 0.2;
      write(ctx, text, node.x, y, { weight: isRep ? 700 : 600, size, align: 'center', halo: size / 3, colour: node.mark === 'single' ? C.risk : C.ink });
      if (scale > (isRep ? 0.9 : 1.5)) write(ctx, node.sub, node.x, isRep ? y - size * 1.1 : y + size * 1.1, { size: size * 0.78, align: 'center', colour: C.ink2, halo: 4 });
      ctx.restore();
    }
  };
}
