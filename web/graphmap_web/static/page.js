// Niceties of pages; everything works without them.

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}

// On a phone ten filters would stand before the table; folded unless one is in use.
if (matchMedia('(max-width: 640px)').matches) for (const box of document.querySelectorAll('[data-fold=yes]')) box.open = false;

// A filter sends itself when a choice is made.
for (const form of document.querySelectorAll('form[data-autosend]')) {
  form.addEventListener('change', event => { if (event.target instanceof HTMLSelectElement) form.requestSubmit(); });
  // Empty fields would only make the address long.
  form.addEventListener('formdata', event => {
    for (const [name, value] of [...event.formData]) if (value === '') event.formData.delete(name);
  });
}

for (const area of document.querySelectorAll('[data-send-with-enter]')) {
  area.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); area.form.requestSubmit(); }
  });
}

// Tables that are whole on the page are sorted here; the portfolio is sorted by the server.
const words = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
for (const table of document.querySelectorAll('table[data-sortable]')) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute('aria-sort', 'none');
    button.addEventListener('click', () => {
      const first = head.classList.contains('num') ? 'descending' : 'ascending';
      const other = first === 'descending' ? 'ascending' : 'descending';
      const way = head.getAttribute('aria-sort') === first ? other : first;
      heads.forEach(item => item.setAttribute('aria-sort', item === head ? way : 'none'));
      const value = row => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
      const rows = [...table.tBodies[0].rows].sort((a, b) => words.compare(value(a), value(b)));
      const numeric = rows.every(row => value(row) === '' || !Number.isNaN(Number(value(row))));
      if (numeric) rows.sort((a, b) => Number(value(a)) - Number(value(b)));
      table.tBodies[0].append(...(way === 'descending' ? rows.reverse() : rows));
    });
  });
}
