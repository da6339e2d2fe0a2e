/// What makes a page of a drawing answer: moving, zooming, searching, and telling about what was clicked.
///
/// Whatever comes from the model becomes text of an element, never markup.
enum PageScript {
  static let text = [beginning, view, search, panel, ending].joined(separator: "\n\n")

  private static let beginning = #"""
    "use strict";
    const model = JSON.parse(document.getElementById("model").textContent);
    const stage = document.getElementById("stage");
    const svg = stage.querySelector("svg");
    const panel = document.getElementById("panel");
    const about = document.getElementById("about");
    const search = document.getElementById("search");
    const found = document.getElementById("found");
    const count = document.getElementById("count");

    // Boxes by the names of their groups in the drawing, and the ends of values by the values' names.
    const boxes = new Map(model.boxes.map(box => [box.id, box]));
    const makers = new Map();
    const readers = new Map();
    for (const box of model.boxes) {
      box.members.forEach((member, index) => {
        for (const port of member.outputs) makers.set(port.name, { box, index, slot: port.slot });
        for (const port of member.inputs) {
          if (!readers.has(port.name)) readers.set(port.name, []);
          readers.get(port.name).push({ box, index, slot: port.slot });
        }
      });
    }

    function element(name, attributes = {}, ...children) {
      const made = document.createElement(name);
      for (const [key, value] of Object.entries(attributes)) {
        if (key === "onclick") made.addEventListener("click", value);
        else made.setAttribute(key, value);
      }
      made.append(...children);
      return made;
    }

    function isNarrow() { return window.innerWidth <= 700; }
    """#

  private static let search = #"""
    // Search: operators, nodes, weights, values; each box is found once, by its first name that fits.

    const names = model.boxes.map(box => ({
      box,
      texts: [{ text: box.name, index: 0 }, ...box.members.flatMap((member, index) =>
        [member.name, ...member.weights.map(weight => weight.name),
         ...(box.kind === "output" ? member.inputs : member.outputs).map(port => port.name),
        ].map(text => ({ text, index })))],
    }));
    let hits = [];
    let place = -1;

    search.addEventListener("input", () => {
      for (const hit of hits) document.getElementById(hit.box.id)?.classList.remove("match");
      const wanted = search.value.trim().toLowerCase();
      hits = wanted === "" ? [] : names.flatMap(({ box, texts }) => {
        const text = texts.find(({ text }) => text.toLowerCase().includes(wanted));
        return text ? [{ box, index: text.index, text: text.text }] : [];
      });
      for (const hit of hits) document.getElementById(hit.box.id)?.classList.add("match");
      place = -1;
      list();
    });
    search.addEventListener("keydown", event => {
      if (event.key !== "Enter") return;
      step(event.shiftKey ? -1 : 1);
      if (isNarrow()) found.hidden = true;
    });
    search.addEventListener("focus", () => list());
    stage.addEventListener("pointerdown", () => { found.hidden = true; });

    function list() {
      count.textContent = search.value.trim() === "" ? "" : place < 0 ? `${hits.length} found` :
        `${place + 1} of ${hits.length}`;
      const most = 60;
      found.replaceChildren(...hits.slice(0, most).map((hit, index) => element("button", {
        type: "button", class: index === place ? "current" : "",
        onclick: () => { place = index; jump(hit); list(); found.hidden = isNarrow(); },
      }, element("b", {}, hit.box.name), " ", hit.text === hit.box.name ? hit.box.members[hit.index]?.name ?? "" : hit.text)));
      if (hits.length > most) found.append(element("p", {}, `and ${hits.length - most} more`));
      found.hidden = hits.length === 0;
    }

    function step(by) {
      if (hits.length === 0) return;
      place = place < 0 && by < 0 ? hits.length - 1 : (place + by + hits.length) % hits.length;
      jump(hits[place]);
      list();
    }

    function clear() {
      search.value = "";
      search.dispatchEvent(new Event("input"));
      search.blur();
    }

    function jump({ box, index }) {
      select(box, index);
      if (view.scale < 0.7) view.scale = 1;
      const target = placeOf(box.id);
      if (target) center(target.x, target.y);
    }
    """#

  private static let ending = #"""
    // Boxes are told about by what they are called, and can be reached by the keyboard.
    for (const group of svg.querySelectorAll("g.node")) {
      const box = boxes.get(group.id);
      if (!box) continue;
      const title = group.querySelector("title");
      if (title) title.textContent = [box.name, box.members[0]?.name].filter(Boolean).join(": ");
      group.setAttribute("tabindex", "0");
      group.setAttribute("role", "button");
    }
    for (const title of svg.querySelectorAll("g.edge > title, g.graph > title, g.cluster > title")) title.remove();
    document.querySelector("#legend").open = !isNarrow();
    if (!isNarrow()) describe();
    fit(0.75);
    """#
}
