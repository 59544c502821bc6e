// How each kind of node is drawn. Every state differs in shape and not in colour alone.
import { C, FONT, box, circle, star, tag, write } from './ink.js';

function avatar(ctx, node, x, y, r, { fill, ink = C.card, hollow = false }) {
  circle(ctx, x, y, r);
  ctx.fillStyle = fill;
  ctx.fill();
  if (hollow) {
    ctx.setLineDash([4, 3]);
    ctx.lineWidth = 1.8;
    ctx.strokeStyle = C.ink3;
    ctx.stroke();
    ctx.setLineDash([]);
  }
  write(ctx, node.initials || '', x, y + 0.5, { weight: 700, size: Math.round(r * 0.7), align: 'center', colour: ink });
}

/** The mark of an account: ring and dot, half, full, dashed with a question mark, hollow. */
export function mark(ctx, kind, x, y, r) {
  if (kind === 'single') {
    circle(ctx, x, y, r);
    ctx.fillStyle = C.card;
    ctx.fill();
    ctx.lineWidth = Math.max(3.4, r * 0.34);
    circle(ctx, x, y, r - ctx.lineWidth / 2 + 1);
    ctx.strokeStyle = C.risk;
    ctx.stroke();
    circle(ctx, x, y, Math.max(2.3, r * 0.24));
    ctx.fillStyle = C.risk;
    ctx.fill();
  } else if (kind === 'watch') {
    circle(ctx, x, y, r);
    ctx.fillStyle = C.card;
    ctx.fill();
    ctx.lineWidth = 2;
    ctx.strokeStyle = C['amber-rim'];
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(x, y, r, Math.PI / 2, Math.PI * 1.5);
    ctx.closePath();
    ctx.fillStyle = C.amber;
    ctx.fill();
  } else if (kind === 'multi') {
    circle(ctx, x, y, r);
    ctx.fillStyle = C['ok-fill'];
    ctx.fill();
    ctx.lineWidth = 1.5;
    ctx.strokeStyle = C.card;
    ctx.stroke();
  } else {
    circle(ctx, x, y, r);
    ctx.fillStyle = kind === 'unknown' ? C['grey-soft'] : C.card;
    ctx.fill();
    ctx.lineWidth = 1.6;
    ctx.strokeStyle = kind === 'unknown' ? C.ink3 : C.stale;
    if (kind === 'unknown') ctx.setLineDash([3.5, 2.5]);
    ctx.stroke();
    ctx.setLineDash([]);
    if (kind === 'unknown') write(ctx, '?', x, y + 0.5, { weight: 700, size: Math.round(r * 1.25), align: 'center', colour: C.ink2 });
  }
}

function shareBar(ctx, node, right, y, colour) {
  const w = 92, left = right - w;
  box(ctx, left, y, w, 5, 2.5);
  ctx.fillStyle = C.track;
  ctx.fill();
  if (node.share > 0) {
    const part = Math.max(5, w * Math.min(node.share, 100) / 100);
    box(ctx, right - part, y, part, 5, 2.5);
    ctx.fillStyle = colour;
    ctx.fill();
  }
  write(ctx, Math.round(node.share) + ' %', left - 6, y + 3, { weight: 600, size: 11.5, align: 'right', colour: node.ring ? C.risk : C.ink2 });
}

const known = value => value !== null && value !== undefined;

const DRAW = {
  us(ctx, node, x, y) {
    const r = node.r;
    if (node.ring) {
      circle(ctx, x, y, r + 13);
      ctx.save();
      ctx.globalAlpha *= 0.13;
      ctx.fillStyle = C.risk;
      ctx.fill();
      ctx.restore();
      circle(ctx, x, y, r + 7);
      ctx.lineWidth = 5;
      ctx.strokeStyle = C.risk;
      ctx.stroke();
    }
    avatar(ctx, node, x, y, r, { fill: node.idle ? C['us-soft'] : C.us });
    const right = x - r - (node.ring ? 22 : 12);
    write(ctx, node.label, right, y - 9, { weight: 700, size: 15, align: 'right', max: node.max || 215 });
    write(ctx, node.role, right, y + 9, { size: 12.5, align: 'right', colour: C.ink2, max: node.max || 215 });
    if (known(node.share)) shareBar(ctx, node, right, y + 22, node.ring ? C.risk : C.us);
    if (node.ring) tag(ctx, node.tag || 'SINGLE THREAD', x, y + r + 24, C.risk);
  },
  firm(ctx, node, x, y) {
    const r = node.r;
    box(ctx, x - r, y - r, 2 * r, 2 * r, 7);
    ctx.fillStyle = C.firm;
    ctx.fill();
    ctx.fillStyle = C.card;                                // a house with windows: no person
    for (let row = 0; row < 3; row++) for (let column = 0; column < 2; column++) ctx.fillRect(x - 8 + column * 10, y - 12 + row * 9, 6, 5);
    write(ctx, node.label, x - r - 12, y - 9, { weight: 700, size: 15, align: 'right', max: node.max || 215 });
    write(ctx, node.role, x - r - 12, y + 9, { size: 12.5, align: 'right', colour: C.ink2, max: node.max || 215 });
    if (known(node.share)) shareBar(ctx, node, x - r - 12, y + 22, C.firm);
  },
  them(ctx, node, x, y) {
    const r = node.r;
    if (node.covered) avatar(ctx, node, x, y, r, { fill: C.them });
    else avatar(ctx, node, x, y, r, { fill: C.card, ink: C.ink2, hollow: true });
    const left = x + r + 11, up = node.role ? 8 : 0;
    const shown = write(ctx, node.label, left, y - up, { weight: 600, size: 14, max: node.max || 250 });
    if (node.maker) star(ctx, left + ctx.measureText(shown).width + 12, y - up - 0.5);
    if (node.role) write(ctx, node.role, left, y + 9, { size: 12, colour: C.ink2, max: node.max || 280 });
  },
  rep(ctx, node, x, y) {
    circle(ctx, x, y, node.r);
    ctx.fillStyle = C.us;
    ctx.fill();
    ctx.lineWidth = 3;
    ctx.strokeStyle = C.card;
    ctx.stroke();
    write(ctx, node.initials, x, y + 0.5, { weight: 700, size: Math.round(node.r * 0.7), align: 'center', colour: C.card });
  },
  account(ctx, node, x, y) { mark(ctx, node.mark, x, y, node.r); },
};

/** A renderer for vis-network: draws the node, dimmed or with the ring of the chosen one. */
export function renderer(node, state) {
  const size = { width: 2 * node.r, height: 2 * node.r };
  return ({ ctx, x, y }) => ({
    drawNode() {
      ctx.save();
      if (state.focus !== null && !state.near.has(node.id)) ctx.globalAlpha = 0.16;
      DRAW[node.kind](ctx, node, x, y);
      if (state.focus === node.id) {
        ctx.lineWidth = 3;
        ctx.strokeStyle = C.focus;
        const gap = node.ring ? 17 : 4;
        if (node.kind === 'firm') box(ctx, x - node.r - gap, y - node.r - gap, 2 * (node.r + gap), 2 * (node.r + gap), 9);
        else circle(ctx, x, y, node.r + gap);
        ctx.stroke();
      }
      ctx.restore();
    },
    nodeDimensions: size,
  });
}

/** What lies beneath the nodes: circles of reps, lanes of departments, headings. */
export function ground(ctx, meta) {
  for (const hull of meta.hulls || []) {
    circle(ctx, hull.x, hull.y, hull.r);
    ctx.fillStyle = C.hull;
    ctx.fill();
    ctx.lineWidth = 1.5;
    ctx.strokeStyle = C['hull-line'];
    ctx.stroke();
  }
  for (const lane of meta.lanes || []) {
    box(ctx, lane.x, lane.y, lane.w, lane.h, 12);
    ctx.fillStyle = C['lane-' + lane.tone];
    ctx.fill();
    ctx.lineWidth = 1;
    ctx.strokeStyle = C['lane-' + lane.tone + '-line'];
    ctx.stroke();
    if (lane.title) write(ctx, lane.title, lane.tx, lane.ty, { weight: 700, size: 12.5, colour: C.ink2, max: lane.w - 36 });
  }
  for (const head of meta.heads || []) write(ctx, head.text, head.x, head.y, { weight: 700, size: 12, colour: C.ink3, max: head.max });
}

const WORDS = {
  ring: 'single thread: one rep carries the account', tie: 'strong tie', stale: 'inactive tie', covered: 'has an active tie',
  nobody: 'nobody in touch', maker: 'decision maker', firm: 'the firm itself', single: 'single thread', watch: 'watch',
  multi: 'several threads', unknown: 'not known yet', nodata: 'no data',
};

/** The legend as a line of a picture; gives the width it took. */
export function legend(ctx, kinds, x, y) {
  for (const kind of kinds) {
    ctx.save();
    if (kind === 'ring') { circle(ctx, x + 8, y, 6); ctx.lineWidth = 3.4; ctx.strokeStyle = C.risk; ctx.stroke(); }
    else if (kind === 'tie' || kind === 'stale') {
      ctx.beginPath(); ctx.moveTo(x - 4, y); ctx.lineTo(x + 18, y);
      ctx.lineWidth = kind === 'tie' ? 5 : 2.2;
      if (kind === 'stale') ctx.setLineDash([3, 4]);
      ctx.strokeStyle = kind === 'tie' ? C.us : C.stale; ctx.stroke();
    } else if (kind === 'covered') { circle(ctx, x + 8, y, 6.5); ctx.fillStyle = C.them; ctx.fill(); }
    else if (kind === 'nobody') { circle(ctx, x + 8, y, 6.5); ctx.setLineDash([3, 2.4]); ctx.lineWidth = 1.6; ctx.strokeStyle = C.ink3; ctx.stroke(); }
    else if (kind === 'maker') star(ctx, x + 8, y);
    else if (kind === 'firm') { box(ctx, x + 2, y - 6.5, 13, 13, 3); ctx.fillStyle = C.firm; ctx.fill(); }
    else mark(ctx, kind, x + 8, y, 7);
    ctx.restore();
    write(ctx, WORDS[kind], x + 24, y + 0.5, { size: 12.5, colour: C.ink2 });
    ctx.font = `400 12.5px ${FONT}`;
    x += 24 + ctx.measureText(WORDS[kind]).width + 20;
  }
  return x;
}
