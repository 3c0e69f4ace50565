for (const map of document.querySelectorAll('svg.map')) {
  const home = map.getAttribute('viewBox').split(' ').map(Number);
  let box = home.slice();
  let drag = null;
  const show = () => map.setAttribute('viewBox', box.join(' '));
  const scale = () => Math.max(box[2] / map.clientWidth, box[3] / map.clientHeight);
  map.addEventListener('wheel', (event) => {
    event.preventDefault();
    const factor = Math.exp(event.deltaY * 0.0015);
    const size = Math.min(Math.max(box[2] * factor, home[2] / 40), home[2] * 4) / box[2];
    const edge = map.getBoundingClientRect();
    const x = box[0] + box[2] * ((event.clientX - edge.left) / edge.width);
    const y = box[1] + box[3] * ((event.clientY - edge.top) / edge.height);
    box = [x - (x - box[0]) * size, y - (y - box[1]) * size, box[2] * size, box[3] * size];
    show();
  }, { passive: false });
  map.addEventListener('pointerdown', (event) => {
    drag = [event.clientX, event.clientY, box[0], box[1]];
    map.setPointerCapture(event.pointerId);
  });
  map.addEventListener('pointermove', (event) => {
    if (!drag) return;
    box[0] = drag[2] - (event.clientX - drag[0]) * scale();
    box[1] = drag[3] - (event.clientY - drag[1]) * scale();
    show();
  });
  map.addEventListener('pointerup', () => { drag = null; });
  map.addEventListener('dblclick', () => { box = home.slice(); show(); });
}
