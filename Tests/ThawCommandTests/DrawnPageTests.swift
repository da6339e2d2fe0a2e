import Foundation
import Testing
import ThawGraph
import ThawTensor

/// Pages in a real browser: what a user does is done by events, and what becomes of the page is looked at.
@Suite(
  "Pages of drawings",
  .enabled(if: Graphviz.isInstalled, "Graphviz is not installed: apt-get install graphviz"),
  .enabled(if: Browser.program != nil, "no browser is installed: apt-get install chromium"))
struct DrawnPageTests {
  /// Six layers alike, of which two are frozen, with names that would be markup if anything took them for it.
  private static func page(in folder: String) throws {
    let weights = try (0..<6).map { layer throws -> Parameter in
      let name = layer == 5 ? attack : "layer\(layer).weight"
      return Parameter(name, try Tensor.full([4, 4], Double(layer) + 0.5), role: layer < 2 ? .frozen : .trainable)
    }
    let graph = try Graph.record(inputs: ["x": .float32("N", 4)], output: "y\(attack)", parameters: weights) { x in
      try weights.reduce(x) { x, w in (x + x.matmul(try w.value()).relu()).tanh() }
    }
    try Model(graph).save(to: "\(folder)/model.onnx")
    let result = try Thaw.run(["draw", "model.onnx", "--title", "page \(attack)", "-o", "page.html"], in: folder)
    #expect(result.code == 0, "\(result.error)")
  }

  private static let attack =
    "w\"'&lt;]]>--></title></style></svg></script><script>document.title='owned'</script><img src=x onerror=owned()>"

  /// Events as a user's hand makes them.
  private static let hand = """
    const stage = document.getElementById("stage"), svg = stage.querySelector("svg");
    const search = document.getElementById("search"), panel = document.getElementById("panel");
    const box = () => svg.getAttribute("viewBox").split(" ").map(Number);
    const key = (name, on = document.body) =>
      on.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
    const point = (kind, x, y, on = stage, id = 1) => on.dispatchEvent(
      new PointerEvent(kind, { pointerId: id, button: 0, clientX: x, clientY: y, bubbles: true }));
    const click = on => {
      const { left, top, width, height } = on.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      point("pointerdown", x, y, on); point("pointerup", x, y, on);
      on.dispatchEvent(new MouseEvent("click", { clientX: x, clientY: y, bubbles: true }));
    };
    const type = text => { search.value = text; search.dispatchEvent(new Event("input")); };
    const nodes = name => [...svg.querySelectorAll("g.node")].filter(node =>
      [...node.querySelectorAll("text")].some(text => text.textContent === name));
    const distance = on => {
      const place = on.getBoundingClientRect(), whole = stage.getBoundingClientRect();
      return Math.hypot(place.left + place.width / 2 - whole.left - whole.width / 2,
        place.top + place.height / 2 - whole.top - whole.height / 2);
    };

    """

  @Test("it moves and zooms by wheel, hand, fingers, keys and buttons")
  func moving() throws {
    struct Boxes: Decodable { let start, wheel, drag, pinch, keys, arrow, button, all: [Double] }
    try Thaw.withFolder { folder in
      try Self.page(in: folder)
      let boxes = try Browser.run(
        Self.hand + """
          const result = { start: box() };
          const { left, top } = stage.getBoundingClientRect();
          stage.dispatchEvent(new WheelEvent("wheel",
            { deltaY: -200, clientX: left, clientY: top, bubbles: true, cancelable: true }));
          result.wheel = box();
          point("pointerdown", 300, 300); point("pointermove", 330, 280, window); point("pointerup", 330, 280, window);
          result.drag = box();
          point("pointerdown", 300, 300, stage, 1); point("pointerdown", 400, 300, stage, 2);
          point("pointermove", 500, 300, window, 2);
          point("pointerup", 300, 300, window, 1); point("pointerup", 500, 300, window, 2);
          result.pinch = box();
          key("-"); key("-");
          result.keys = box();
          key("ArrowDown");
          result.arrow = box();
          document.querySelector("[data-action=in]").click();
          result.button = box();
          key("0");
          result.all = box();
          return result;
          """, in: "page.html", of: folder, as: Boxes.self)
      #expect(abs(boxes.wheel[2] / boxes.start[2] - exp(-0.3)) < 1e-6)
      #expect(abs(boxes.wheel[0] - boxes.start[0]) < 1e-6 && abs(boxes.wheel[1] - boxes.start[1]) < 1e-6)
      #expect(boxes.drag[0] < boxes.wheel[0] && boxes.drag[1] > boxes.wheel[1] && boxes.drag[2] == boxes.wheel[2])
      #expect(abs((boxes.drag[0] - boxes.wheel[0]) / (boxes.drag[1] - boxes.wheel[1]) + 1.5) < 1e-6)
      #expect(abs(boxes.pinch[2] / boxes.drag[2] - 0.5) < 1e-6)
      #expect(abs(boxes.keys[2] / boxes.pinch[2] - 1.96) < 1e-6)
      #expect(boxes.arrow[1] > boxes.keys[1])
      #expect(abs(boxes.button[2] / boxes.arrow[2] - 1 / 1.4) < 1e-6)
      #expect(boxes.all[2] != boxes.button[2])
    }
  }

  @Test("search finds operators and names, goes from one to the next, and highlights")
  func searching() throws {
    struct Found: Decodable {
      let operators, chosen, none: Int
      let count, next, name, copy, kept: String
      let distance: Double
    }
    try Thaw.withFolder { folder in
      try Self.page(in: folder)
      let found = try Browser.run(
        Self.hand + """
          const result = {};
          const count = document.getElementById("count"), about = document.getElementById("about");
          type("matmul");
          result.operators = svg.querySelectorAll("g.match").length;
          result.count = count.textContent;
          key("Enter", search); key("Enter", search);
          result.next = count.textContent;
          result.chosen = svg.querySelectorAll("g.chosen").length;
          result.distance = distance(svg.querySelector("g.chosen"));
          type("layer4.w"); key("Enter", search);
          result.name = about.querySelector(".weight code").textContent;
          result.copy = about.querySelector("select").selectedOptions[0].textContent;
          type("no such name");
          result.none = svg.querySelectorAll("g.match").length;
          type("owned"); key("Enter", search);
          result.kept = [...about.querySelectorAll("code")].map(code => code.textContent).join("\\n");
          return result;
          """, in: "page.html", of: folder, as: Found.self)
      #expect(found.operators == 2 && found.count == "2 found")
      #expect(found.next == "2 of 2" && found.chosen == 1 && found.none == 0)
      #expect(found.distance < 2)
      #expect(found.name == "layer4.weight")
      #expect(found.copy.hasPrefix("3 of 4: "))
      #expect(found.kept.contains(Self.attack))
    }
  }

  @Test("a click tells attributes, shapes, roles and statistics; links lead on; Escape closes")
  func clicking() throws {
    struct Told: Decodable {
      let text, second, led: String
      let bars: Int
      let isOpen, isOpenAfterDrag: Bool
    }
    try Thaw.withFolder { folder in
      try Self.page(in: folder)
      let told = try Browser.run(
        Self.hand + """
          const result = {};
          const about = document.getElementById("about");
          click(nodes("MatMul")[0]);
          result.text = about.innerText;
          result.bars = about.querySelectorAll(".histogram rect").length;
          const choice = about.querySelector("select");
          choice.value = "1"; choice.dispatchEvent(new Event("change"));
          result.second = about.innerText;
          [...about.querySelectorAll("button.link")].at(-1).click();
          result.led = about.querySelector("h2").textContent;
          key("Escape");
          result.isOpen = panel.classList.contains("open");
          const node = nodes("Relu")[0];
          point("pointerdown", 300, 300, node); point("pointermove", 340, 300, window); point("pointerup", 340, 300, window);
          node.dispatchEvent(new MouseEvent("click", { bubbles: true }));
          result.isOpenAfterDrag = panel.classList.contains("open");
          return result;
          """, in: "page.html", of: folder, as: Told.self)
      let words = ["no gradient", "layer0.weight", "frozen", "float32[4, 4]", "float32[N, 4]", "0.5, 0.5", "0.5 ± 0"]
      for words in words {
        #expect(told.text.contains(words), "\(words): \(told.text)")
      }
      #expect(told.bars == 24)
      #expect(told.second.contains("layer1.weight") && told.second.contains("1.5 ± 0"))
      #expect(told.led == "Relu")
      #expect(!told.isOpen && !told.isOpenAfterDrag)
    }
  }

  @Test("no name becomes markup, nothing is loaded, and its own rule lets its script run")
  func escaping() throws {
    struct State: Decodable {
      let title: String
      let images, scripts, resources: Int
    }
    try Thaw.withFolder { folder in
      try Self.page(in: folder)
      let text = try String(contentsOfFile: "\(folder)/page.html", encoding: .utf8)
      #expect(text.matches(of: /https?:\/\/[^"'\s]*/).allSatisfy { $0.output.hasPrefix("http://www.w3.org/") })
      let state = try Browser.run(
        """
        return { title: document.title, images: document.images.length, scripts: document.scripts.length,
                 resources: performance.getEntriesByType("resource").length };
        """, in: "page.html", of: folder, as: State.self)
      #expect(state.title == "page \(Self.attack)")
      #expect((state.images, state.scripts, state.resources) == (0, 3, 0))
      let document = try Browser.document(of: "page.html", in: folder)
      #expect(document.contains("<div id=\"about\"><h2>page w"))
    }
  }

  @Test("on a telephone nothing is wider than the screen, and the panel leaves the drawing in sight")
  func telephone() throws {
    struct Layout: Decodable { let width, overflow, search, stage, panel, panelWidth: Double }
    try Thaw.withFolder { folder in
      try Self.page(in: folder)
      let layout = try Browser.run(
        Self.hand + """
          click(nodes("MatMul")[0]);
          return { width: innerWidth, overflow: document.documentElement.scrollWidth,
            search: search.getBoundingClientRect().right, stage: stage.getBoundingClientRect().height,
            panel: panel.getBoundingClientRect().height, panelWidth: panel.getBoundingClientRect().width };
          """, in: "page.html", of: folder, size: (500, 800), as: Layout.self)
      #expect(layout.overflow <= layout.width && layout.search <= layout.width)
      #expect(layout.panelWidth == layout.width && layout.panel > 100 && layout.stage > 200)
    }
  }
}
