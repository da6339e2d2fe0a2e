extension PageScript {
  /// What is told about the model, and about a box that was chosen.
  static let panel = #"""
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
        ...box.notes.map(text => element("p", {}, text)),
        ...section("Inputs", ...(member.inputs.length === 0 ? [] :
          [table(member.inputs.map(end => port(end, makers.has(end.name) ? [makers.get(end.name)] : [])))])),
        ...section("Weights and constants", ...member.weights.map(weight)),
        ...section("Outputs", ...(member.outputs.length === 0 ? [] :
          [table(member.outputs.map(end => port(end, readers.get(end.name) ?? [])))])));
    }
    """#
}
