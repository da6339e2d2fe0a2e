/// What makes a page of a drawing answer: moving, zooming, searching, and telling about what was clicked.
///
/// Whatever comes from the model becomes text of an element, never markup.
enum PageScript {
  static let text = #"""
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

    // The window: where its corner lies in the drawing, and how many pixels a unit of the drawing takes.

    const whole = { x: 0, y: 0, width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height };
    const view = { x: 0, y: 0, scale: 1 };

    function show() {
      const { width, height } = stage.getBoundingClientRect();
      // Some of the drawing stays in sight.
      const across = width / view.scale, down = height / view.scale;
      view.x = Math.min(Math.max(view.x, -0.9 * across), whole.width - 0.1 * across);
      view.y = Math.min(Math.max(view.y, -0.9 * down), whole.height - 0.1 * down);
      svg.setAttribute("viewBox", [view.x, view.y, across, down].join(" "));
    }

    function move(dx, dy) {
      view.x -= dx / view.scale;
      view.y -= dy / view.scale;
      show();
    }

    /// The point of the drawing under a point of the stage stays where it is.
    function zoom(factor, x, y) {
      const { left, top, width, height } = stage.getBoundingClientRect();
      const px = x === undefined ? width / 2 : x - left;
      const py = y === undefined ? height / 2 : y - top;
      const scale = Math.min(Math.max(view.scale * factor, Math.min(fitting() / 2, 0.5)), 12);
      view.x += px / view.scale - px / scale;
      view.y += py / view.scale - py / scale;
      view.scale = scale;
      show();
    }

    function fitting() {
      const { width, height } = stage.getBoundingClientRect();
      return Math.min(width / whole.width, height / whole.height);
    }

    function center(x, y) {
      const { width, height } = stage.getBoundingClientRect();
      view.x = x - width / view.scale / 2;
      view.y = y - height / view.scale / 2;
      show();
    }

    /// - scale: at least this; then the drawing's beginning is shown where the whole has no room.
    function fit(scale = 0) {
      const { width, height } = stage.getBoundingClientRect();
      view.scale = Math.min(Math.max(fitting(), scale), 1.5);
      center(whole.width / 2, whole.height / 2);
      if (whole.height * view.scale > height) view.y = 0;
      if (whole.width * view.scale > width) {
        // At the first input, wherever that stands.
        const first = model.boxes.find(box => box.kind === "input");
        const place = first && placeOf(first.id);
        if (place) view.x = place.x - width / view.scale / 2;
      }
      show();
    }

    function placeOf(id) {
      const group = document.getElementById(id);
      if (!group) return null;
      const box = group.getBBox();
      const matrix = svg.getScreenCTM().inverse().multiply(group.getScreenCTM());
      const middle = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2).matrixTransform(matrix);
      return { x: middle.x, y: middle.y };
    }

    // Pointers: one moves the drawing, two zoom it; one that stays in its place is a click.

    const pointers = new Map();
    let travelled = 0;
    stage.addEventListener("pointerdown", event => {
      if (event.button !== 0) return;
      if (pointers.size === 0) travelled = 0;
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    });
    window.addEventListener("pointermove", event => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const now = { x: event.clientX, y: event.clientY };
      travelled += Math.hypot(now.x - before.x, now.y - before.y);
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      pointers.set(event.pointerId, now);
      if (travelled < 5) return;
      stage.classList.add("moving");
      if (other) {
        const apart = Math.hypot(before.x - other.x, before.y - other.y);
        zoom(Math.hypot(now.x - other.x, now.y - other.y) / Math.max(apart, 1), other.x, other.y);
      } else {
        move(now.x - before.x, now.y - before.y);
      }
    });
    for (const kind of ["pointerup", "pointercancel"]) {
      window.addEventListener(kind, event => {
        pointers.delete(event.pointerId);
        if (pointers.size === 0) stage.classList.remove("moving");
      });
    }
    stage.addEventListener("wheel", event => {
      event.preventDefault();
      const unit = [1, 16, 400][event.deltaMode];
      zoom(Math.exp(-event.deltaY * unit * 0.0015), event.clientX, event.clientY);
    }, { passive: false });
    stage.addEventListener("click", event => {
      const group = event.target.closest("g.node");
      if (travelled < 5 && group && boxes.has(group.id)) select(boxes.get(group.id), 0);
    });

    // Keys and buttons.

    const actions = {
      "in": () => zoom(1.4), "out": () => zoom(1 / 1.4), "all": () => fit(), "real": () => zoom(1 / view.scale),
      "close": close,
      "about": () => panel.classList.contains("open") && !current ? close() : describe(),
    };
    for (const button of document.querySelectorAll("[data-action]")) {
      button.addEventListener("click", () => actions[button.dataset.action]());
    }
    document.addEventListener("keydown", event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape") return event.target === search ? clear() : close();
      if (["INPUT", "SELECT"].includes(event.target.tagName)) return;
      const keys = {
        "+": actions.in, "=": actions.in, "-": actions.out, "0": actions.all, "1": actions.real,
        "ArrowLeft": () => move(80, 0), "ArrowRight": () => move(-80, 0), "ArrowUp": () => move(0, 80),
        "ArrowDown": () => move(0, -80), "/": () => search.focus(), "n": () => step(1), "N": () => step(-1),
      };
      const group = document.activeElement?.closest?.("g.node");
      if (group && [" ", "Enter"].includes(event.key)) keys[event.key] = () => select(boxes.get(group.id), 0);
      if (!Object.hasOwn(keys, event.key)) return;
      event.preventDefault();
      keys[event.key]();
    });
    window.addEventListener("resize", show);

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

    // The panel.

    let current = null;

    function close() {
      panel.classList.remove("open");
      mark(null);
      show();
    }

    function mark(box) {
      if (current) document.getElementById(current.id)?.classList.remove("chosen");
      current = box;
      if (box) document.getElementById(box.id)?.classList.add("chosen");
    }

    function open(...children) {
      about.replaceChildren(...children);
      about.scrollTop = 0;
      const wasOpen = panel.classList.contains("open");
      panel.classList.add("open");
      if (!wasOpen) show();
    }

    function table(rows) {
      return element("table", {}, ...rows.map(([name, ...rest]) =>
        element("tr", {}, element("th", {}, name), element("td", {}, ...rest))));
    }

    function section(title, ...children) {
      return children.length === 0 ? [] : [element("h3", {}, title), ...children];
    }

    function badge(role) { return element("span", { class: `role ${role}` }, role); }

    function describe() {
      mark(null);
      open(element("h2", {}, model.title), table(model.facts.map(({ name, text }) => [name, text])),
        ...section("Roles", ...(model.roles.length === 0 ? [] : [table(model.roles.map(({ name, text }) => [badge(name), text]))])),
        ...section("Keys", table([
          ["drag, arrows", "move"], ["wheel, + and −", "zoom"], ["0", "all of it"], ["1", "its real size"],
          ["/", "search: operators and names"], ["Enter, n, N", "the next one, the one before"],
          ["click", "attributes, shapes, weights"], ["Esc", "closes"]])));
    }

    function ends(list) {
      return list.map(({ box, index, slot }) => element("button", {
        type: "button", class: "link", onclick: () => jump({ box, index }),
      }, `${box.name} ${slot}`.trim()));
    }

    function port({ slot, name, type }, list) {
      return [slot, element("code", {}, name), element("div", { class: "type" }, type), ...ends(list.slice(0, 12))];
    }

    function number(value) {
      if (value === null || value === undefined) return "–";
      const size = Math.abs(value);
      return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(3) : String(Number(value.toPrecision(5)));
    }

    function histogram(parts) {
      const most = Math.max(...parts, 1);
      const space = "http://www.w3.org/2000/svg";
      const picture = document.createElementNS(space, "svg");
      picture.setAttribute("viewBox", `0 0 ${parts.length} 10`);
      picture.setAttribute("preserveAspectRatio", "none");
      picture.setAttribute("class", "histogram");
      parts.forEach((part, index) => {
        const bar = document.createElementNS(space, "rect");
        const height = 10 * part / most;
        for (const [key, value] of Object.entries({ x: index + 0.05, y: 10 - height, width: 0.9, height })) {
          bar.setAttribute(key, value);
        }
        picture.append(bar);
      });
      return picture;
    }

    function weight(entry) {
      const parts = [element("div", {}, element("b", {}, entry.slot), " ", badge(entry.role)),
        element("code", {}, entry.name), element("div", { class: "type" }, entry.type + (entry.isShared ? ", shared" : ""))];
      if (entry.numbers !== undefined) parts.push(element("div", {}, entry.numbers));
      const statistics = model.statistics[entry.parameter];
      if (statistics) {
        parts.push(table([
          ["numbers", statistics.count.toLocaleString("en") +
            (statistics.nonFiniteCount > 0 ? `, NaN or infinite: ${statistics.nonFiniteCount}` : "")],
          ["least, most", `${number(statistics.min)}, ${number(statistics.max)}`],
          ["mean ± deviation", `${number(statistics.mean)} ± ${number(statistics.std)}`]]));
        if (statistics.histogram.length > 0) parts.push(histogram(statistics.histogram));
      }
      return element("div", { class: "weight" }, ...parts);
    }

    function select(box, index) {
      mark(box);
      if (box.kind !== "operation") {
        const ports = box.members.flatMap(member => box.kind === "input"
          ? member.outputs.map(end => port(end, readers.get(end.name) ?? []))
          : member.inputs.map(end => port(end, makers.has(end.name) ? [makers.get(end.name)] : [])));
        return open(element("h2", {}, box.kind === "input" ? "Input" : "Output"), table(ports));
      }
      const member = box.members[index];
      const choice = element("select", { "aria-label": "which copy" }, ...box.members.map((member, position) =>
        element("option", { value: position }, `${position + 1} of ${box.members.length}: ${member.name}`)));
      choice.value = index;
      choice.addEventListener("change", () => select(box, Number(choice.value)));
      open(element("h2", {}, box.name),
        element("p", {}, element("span", { class: box.isInBackward ? "part backward" : "part still" },
          box.isInBackward ? "in the backward pass" : "no gradient"), box.domain === "" ? "" : ` ${box.domain}`),
        box.members.length > 1 ? choice : element("p", {}, element("code", {}, member.name)),
        ...section("Attributes", ...(box.attributes.length === 0 ? [] :
          [table(box.attributes.map(({ name, text }) => [name, element("code", {}, text)]))])),
        ...section("Bodies", ...box.bodies.map(text => element("p", {}, text))),
        ...section("Inputs", ...(member.inputs.length === 0 ? [] :
          [table(member.inputs.map(end => port(end, makers.has(end.name) ? [makers.get(end.name)] : [])))])),
        ...section("Weights and constants", ...member.weights.map(weight)),
        ...section("Outputs", ...(member.outputs.length === 0 ? [] :
          [table(member.outputs.map(end => port(end, readers.get(end.name) ?? [])))])));
    }

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
