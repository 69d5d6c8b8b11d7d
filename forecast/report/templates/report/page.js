// What a page does beyond being read: live charts, sorted and filtered tables, menus that close.
// Wrapped by forecast/report/figures.py in a function of WORDS, LOOKS and MENUS, the words, the
// configuration of charts and the menus of every language, of STYLE, that of what is made here
// alone, and of VEGA, which draws, packed; the policy of a page knows it by its hash.
const lang = document.documentElement.lang;
const edition = lang.split("-")[0] in WORDS ? lang.split("-")[0] : "en";
const words = WORDS[edition];
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

// Beside the other pages of its set, a page has a menu of them.
const menus = document.createElement("template");
menus.innerHTML = MENUS[edition] || "";
for (const link of all("header.site a.menu")) link.replaceWith(menus.content.firstElementChild);
for (const link of all("header.site li a")) {
  if (link.href === location.href.split("#")[0]) link.setAttribute("aria-current", "page");
}

/** What stands packed in the page or here. */
function unpacked(text) {
  const signs = atob(text), bytes = new Uint8Array(signs.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = signs.charCodeAt(i);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")));
}

async function draw(figure) {
  const spec = await unpacked(figure.querySelector("script").textContent).json();
  const name = (figure.querySelector("figcaption")?.firstChild?.textContent || words.CHART).trim();
  const box = figure.querySelector(".live");
  figure.classList.add("drawn");
  spec.config = {...LOOKS[edition], ...spec.config};
  // Vega does not wrap a legend: on a telephone it has to be told.
  if (box.clientWidth < 360) spec.config.legend = {...spec.config.legend, columns: 2};
  await vegaEmbed(box, spec, {
    ast: true, renderer: "svg", mode: "vega-lite", i18n: words,
    tooltip: {disableDefaultStyle: true},
    downloadFileName: figure.dataset.name,
    actions: {export: {svg: true, png: true}, source: false, compiled: false, editor: false},
  });
  box.querySelector("summary").setAttribute("aria-label", `${words.CLICK_TO_VIEW_ACTIONS}: ${name}`);
  const svg = box.querySelector("svg.marks");
  for (const mark of all("[role]", svg)) mark.removeAttribute("role");
  for (const mark of all("[aria-roledescription]", svg)) mark.removeAttribute("aria-roledescription");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", figure.querySelector(".static").getAttribute("aria-label"));
}

const UNITS = {million: 1e6, billion: 1e9, trillion: 1e12, 万: 1e4, 亿: 1e8, 万亿: 1e12};

/** The number that a cell begins with, NaN where it begins with none. */
function number(text) {
  const found = /^[^\p{L}\d]*(?:(?:about|at least|at most|over|under|约|低于|高于|超过|不低于|不高于)\s*)?([-−+–]?)[<>≤≥≈~]?\s*(\d[\d,\u00a0\u202f]*(?:\.\d+)?)\s*(million|billion|trillion|万亿|万|亿)?/u.exec(text);
  if (!found) return NaN;
  const size = Number(found[2].replace(/[^\d.]/g, "")) * (UNITS[found[3]] || 1);
  return /[-−–]/.test(found[1]) ? -size : size;
}

function sortable(table) {
  const heads = all("thead tr", table);
  const rows = all("tbody tr", table);
  if (heads.length !== 1 || rows.length < 3 || table.querySelector("[colspan], [rowspan]")) return;
  [...heads[0].cells].forEach((head, column) => {
    if (!head.textContent.trim()) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of heads[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const keyed = rows.map(row => {
        const text = row.cells[column].textContent.trim();
        return {row, text, value: number(text)};
      });
      const said = keyed.filter(key => /[\p{L}\d]/u.test(key.text));
      const numeric = said.filter(key => !isNaN(key.value)).length > said.length / 2;
      const unknown = key => numeric ? isNaN(key.value) : !said.includes(key);
      keyed.sort((a, b) => unknown(a) - unknown(b) || (up ? 1 : -1) * (
        (numeric && !unknown(a) && !unknown(b) && a.value - b.value)
        || a.text.localeCompare(b.text, lang, {numeric: true})));
      table.tBodies[0].append(...keyed.map(key => key.row));
    });
  });
}

function filterable(table) {
  const rows = all("tbody tr", table);
  if (rows.length < 15) return;
  const box = document.createElement("label");
  box.className = "filter";
  const input = document.createElement("input");
  input.type = "search";
  const shown = document.createElement("output");
  box.append(words.FILTER, " ", input, " ", shown);
  table.closest(".scroll").before(box);
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLocaleLowerCase(lang);
    for (const row of rows) row.hidden = !row.textContent.toLocaleLowerCase(lang).includes(wanted);
    shown.textContent = wanted ? `${rows.filter(row => !row.hidden).length} / ${rows.length}` : "";
  });
}

const opened = () => all("header.site details[open], .vega-embed details[open]");
addEventListener("click", event => {
  for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
});
addEventListener("keydown", event => {
  if (event.key !== "Escape") return;
  for (const menu of opened()) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
});
for (const table of all("main table")) {
  sortable(table);
  filterable(table);
}
const figures = VEGA ? all("figure.chart") : [];
if (figures.length) unpacked(VEGA).text().then(code => {
  const script = document.createElement("script");
  script.textContent = code;
  document.head.append(script);
  for (const figure of figures) draw(figure).catch(problem => {
    figure.classList.remove("drawn");
    console.error(problem);
  });
});
