extension PageScript {
  /// The window on the drawing, and what moves it: pointers, the wheel, keys and buttons.
  static let view = #"""
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
    """#
}
