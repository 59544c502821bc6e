// One map: fetches nodes and edges that pyvis built, lets vis-network draw them at their given places, and adds what a
// bare canvas lacks: keyboard, live region, search, print and a picture to keep.
import { C, onPaper, readColours } from './ink.js';
import { ground, renderer } from './marks.js';
import { labeller } from './labels.js';
import { picture } from './picture.js';

const holder = document.getElementById('map');
const say = document.getElementById('map-status');
const byId = id => document.getElementById(id);
const still = matchMedia('(prefers-reduced-motion: reduce)');
const TONES = { top: 'us', tie: 'tie', firm: 'firm', stale: 'stale', risk: 'risk-edge', own: 'own', shared: 'shared' };

async function start() {
  const answer = await (window.mapData || fetch(document.querySelector('meta[name=map-data]').content));
  if (!answer.ok) throw new Error('the map could not be fetched: ' + answer.status);
  show(await answer.json());
}

// A phone is narrow: both sides of an account's map move together and names are cut earlier.
function narrow(graph) {
  const shift = 290, meta = graph.meta;
  for (const node of graph.nodes) {
    if (node.kind === 'them') node.x -= shift;
    node.max = node.kind === 'them' ? 170 : 135;
  }
  for (const lane of meta.lanes) Object.assign(lane, lane.tone === 'us' ? { x: -205, w: 265 } : { x: lane.x - shift, tx: lane.tx - shift, w: 268 });
  for (const head of meta.heads) { head.x = head.x < 0 ? -190 : head.x - shift; head.max = 250; }
  meta.bounds.x0 = -215;
  meta.bounds.x1 = 508;
}

function show(graph) {
  if (holder.clientWidth < 560 && graph.meta.heads.length) narrow(graph);
  const state = { focus: null, near: new Set(), least: 0, hideStale: false };
  readColours();
  for (const node of graph.nodes) {
    node.shape = 'custom';
    node.ctxRenderer = renderer(node, state);
  }
  holder.replaceChildren();
  const nodes = new vis.DataSet(graph.nodes), edges = new vis.DataSet(graph.edges.map(edge => ({ ...edge, ...look(edge) })));
  const net = new vis.Network(holder, { nodes, edges }, graph.options);
  holder.querySelector('canvas').setAttribute('aria-hidden', 'true');
  const names = labeller(graph.nodes, state);
  net.on('beforeDrawing', ctx => ground(ctx, graph.meta));
  net.on('afterDrawing', ctx => names(ctx, net.getScale(), net.getViewPosition(), holder.clientWidth, holder.clientHeight));
  net.once('afterDrawing', () => { document.documentElement.dataset.map = 'drawn'; });

  function look(edge) {
    const far = state.focus !== null && edge.from !== state.focus && edge.to !== state.focus;
    return {
      hidden: edge.strength < state.least || (state.hideStale && edge.stale),
      color: { color: C[TONES[edge.tone]] || C.tie, opacity: far ? 0.06 : edge.op },
      dashes: edge.stale ? [3, 6] : false,
    };
  }
  const paint = () => { edges.update(graph.edges.map(edge => ({ id: edge.id, ...look(edge) }))); net.redraw(); };

  function frame() {
    const b = graph.meta.bounds, w = holder.clientWidth, h = holder.clientHeight;
    if (!w || !h) return;
    const scale = Math.min(w / (b.x1 - b.x0), h / (b.y1 - b.y0), graph.meta.maxZoom);
    net.moveTo({ position: { x: (b.x0 + b.x1) / 2, y: (b.y0 + b.y1) / 2 }, scale, animation: false });
  }
  const zoom = factor => net.moveTo({ scale: Math.min(Math.max(net.getScale() * factor, 0.05), 6), animation: false });

  const places = new Map(graph.nodes.map(node => [node.id, node]));
  function focus(id, move) {
    state.focus = id;
    state.near = new Set(id === null ? [] : [id]);
    if (id !== null) for (const edge of graph.edges) {
      if (edge.from === id) state.near.add(edge.to);
      if (edge.to === id) state.near.add(edge.from);
    }
    paint();
    if (id === null) { say.textContent = 'Nothing chosen.'; return; }
    const node = places.get(id);
    say.textContent = node.say;
    const seen = net.canvasToDOM({ x: node.x, y: node.y });
    const out = seen.x < 90 || seen.y < 30 || seen.x > holder.clientWidth - 90 || seen.y > holder.clientHeight - 30;
    if (move && out) net.moveTo({ position: { x: node.x, y: node.y }, animation: still.matches ? false : { duration: 250 } });
  }

  net.on('click', event => focus(event.nodes.length ? event.nodes[0] : null, false));
  net.on('doubleClick', event => { if (event.nodes.length) open(event.nodes[0]); });
  function open(id) { const node = places.get(id); if (node && node.href) location.assign(node.href); }

  const order = graph.nodes.map(node => node.id);
  holder.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = order.indexOf(state.focus), key = event.key;
    if (key === 'ArrowDown' || key === 'ArrowRight') focus(order[(at + 1) % order.length], true);
    else if (key === 'ArrowUp' || key === 'ArrowLeft') focus(order[(at - 1 + order.length) % order.length], true);
    else if (key === 'Home') focus(order[0], true);
    else if (key === 'End') focus(order[order.length - 1], true);
    else if (key === 'Enter' && state.focus !== null) open(state.focus);
    else if (key === 'Escape') focus(null, false);
    else if (key === '+' || key === '=') zoom(1.25);
    else if (key === '-') zoom(0.8);
    else if (key === '0') frame();
    else return;
    event.preventDefault();
  });
  byId('zoom-in').addEventListener('click', () => zoom(1.25));
  byId('zoom-out').addEventListener('click', () => zoom(0.8));
  byId('zoom-fit').addEventListener('click', frame);
  byId('map-least').addEventListener('input', event => { state.least = Number(event.target.value); paint(); });
  byId('map-stale').addEventListener('click', event => {
    state.hideStale = !state.hideStale;
    event.currentTarget.setAttribute('aria-pressed', String(state.hideStale));
    paint();
  });
  byId('map-find').addEventListener('input', event => {
    const wanted = event.target.value.trim().toLowerCase();
    const node = wanted && graph.nodes.find(item => item.label.toLowerCase().includes(wanted));
    if (wanted && !node) say.textContent = 'Nobody of that name on the map.';
    else focus(node ? node.id : null, Boolean(node));
  });
  const png = byId('map-png');
  png.hidden = false;
  png.addEventListener('click', () => {
    onPaper(() => picture(graph, graph.edges.map(edge => ({ ...edge, ...look(edge) })), state, names));
    paint();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { readColours(); paint(); });
  addEventListener('beforeprint', () => { document.documentElement.classList.add('paper'); readColours(); frame(); paint(); });
  addEventListener('afterprint', () => { document.documentElement.classList.remove('paper'); readColours(); paint(); });
  frame();
  new ResizeObserver(frame).observe(holder);
}

start().catch(error => {
  const line = document.createElement('p');
  line.className = 'waiting';
  line.textContent = 'The map could not be drawn. Everything in it is in the tables.';
  holder.replaceChildren(line);
  console.warn(error);
});
