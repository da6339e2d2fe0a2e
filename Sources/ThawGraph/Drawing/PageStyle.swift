import ThawTensor

/// How a page of a drawing looks, by light and by dark, on a wide screen and on a telephone.
enum PageStyle {
  static let text = layout + "@media (prefers-color-scheme: dark) {\n" + dark + "}\n"

  private static let layout = """
    :root {
      color-scheme: light dark;
      --paper: #ffffff; --card: #ffffff; --ink: \(DrawingColours.ink); --faint: \(DrawingColours.faintInk);
      --line: #d5dae1; --hover: #eef1f5; --accent: #b4177c; --bar: #5b7fa6;
      --trainable: \(DrawingColours.trainable); --frozen: \(DrawingColours.frozen);
      --buffer: \(DrawingColours.buffer); --constant: \(DrawingColours.constant);
      --warm: \(DrawingColours.warmLine); --cold: \(DrawingColours.coldLine);
    }
    * { box-sizing: border-box; }
    html, body { height: 100%; margin: 0; }
    body {
      display: grid; grid-template: auto minmax(0, 1fr) / minmax(0, 1fr) auto; color: var(--ink);
      background: var(--paper); font: 14px/1.45 system-ui, Helvetica, Arial, sans-serif; overflow: hidden;
    }
    header {
      grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 6px 10px; align-items: center; padding: 7px 12px;
      border-bottom: 1px solid var(--line); background: var(--card); position: relative; z-index: 2;
    }
    h1 {
      font-size: 15px; margin: 0 8px 0 0; min-width: 60px; max-width: 40%; overflow: hidden; text-overflow: ellipsis;
      white-space: nowrap;
    }
    nav { margin-left: auto; }
    button, input, select {
      font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px;
      padding: 4px 9px; min-height: 32px;
    }
    button { cursor: pointer; }
    button:hover { background: var(--hover); }
    #finding { position: relative; display: flex; align-items: center; gap: 8px; }
    #search { width: 240px; }
    #count { color: var(--faint); min-width: 62px; white-space: nowrap; }
    #found {
      position: absolute; top: 100%; left: 0; width: min(420px, 92vw); max-height: 46vh; overflow: auto;
      background: var(--card); border: 1px solid var(--line); border-radius: 6px; margin-top: 4px;
      box-shadow: 0 4px 14px rgb(0 0 0 / 18%);
    }
    #found button {
      display: block; width: 100%; text-align: left; border: 0; border-radius: 0; overflow-wrap: anywhere;
    }
    #found button.current { box-shadow: inset 4px 0 var(--accent); }
    #found p { margin: 6px 10px; color: var(--faint); }
    #stage { position: relative; overflow: hidden; touch-action: none; cursor: grab; user-select: none; }
    #stage.moving { cursor: grabbing; }
    #stage > svg { display: block; width: 100%; height: 100%; }
    #stage g.graph > polygon:first-of-type { fill: none; stroke: none; }
    #stage g.node { cursor: pointer; outline: none; }
    #stage g.node:hover > :is(path, polygon):first-of-type,
    #stage g.node:focus-visible > :is(path, polygon):first-of-type { stroke-width: 2.5; }
    #stage g.match > :is(path, polygon):first-of-type { stroke: var(--accent); stroke-width: 3; }
    #stage g.chosen > :is(path, polygon):first-of-type {
      stroke: var(--accent); stroke-width: 5; stroke-dasharray: none;
    }
    #legend {
      position: absolute; left: 10px; bottom: 10px; background: var(--card); border: 1px solid var(--line);
      border-radius: 8px; padding: 5px 10px; cursor: auto; font-size: 12.5px;
    }
    #legend summary { cursor: pointer; }
    #legend div { display: flex; align-items: center; gap: 8px; margin: 4px 0; }
    #legend i { flex: none; width: 30px; border-top: 2.5px solid var(--warm); }
    #legend i.still { border-top: 1.5px dashed var(--cold); }
    #panel { display: none; width: 350px; border-left: 1px solid var(--line); background: var(--card); position: relative; }
    #panel.open { display: block; }
    #panel > button { position: absolute; top: 8px; right: 10px; }
    #about { height: 100%; overflow: auto; padding: 10px 14px 24px; }
    #about h2 { font-size: 17px; margin: 2px 44px 8px 0; overflow-wrap: anywhere; }
    #about h3 { font-size: 13px; margin: 16px 0 4px; color: var(--faint); }
    #about p { margin: 4px 0; overflow-wrap: anywhere; }
    #about select { width: 100%; }
    code { font: 12px/1.4 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; vertical-align: top; padding: 3px 8px 3px 0; font-weight: normal; }
    th { color: var(--faint); white-space: nowrap; width: 1%; }
    td { overflow-wrap: anywhere; }
    .type { color: var(--faint); }
    button.link { padding: 0 7px; min-height: 24px; margin: 2px 4px 2px 0; font-size: 12px; }
    .role, .part {
      border-radius: 5px; padding: 1px 7px; font-size: 12px; border: 1.5px solid var(--line); color: var(--ink);
    }
    .role.trainable { background: var(--trainable); border: 2px solid var(--warm); }
    .role.frozen { background: var(--frozen); border-style: dashed; border-color: var(--cold); }
    .role.buffer { background: var(--buffer); border-style: dotted; border-color: var(--cold); }
    .role.constant { background: var(--constant); }
    .part.backward { border: 2px solid var(--warm); }
    .part.still { border: 1.5px dashed var(--cold); }
    .weight { border: 1px solid var(--line); border-radius: 8px; padding: 7px 10px; margin: 6px 0; }
    .histogram { display: block; width: 100%; height: 46px; margin-top: 6px; border-bottom: 1px solid var(--line); }
    .histogram rect { fill: var(--bar); }
    @media (max-width: 700px) {
      body { grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr); }
      #finding { order: 3; flex: 1 1 100%; }
      #count { min-width: 0; }
      #search { flex: 1; width: auto; min-width: 0; font-size: 16px; }
      #panel { width: auto; height: 46vh; border-left: 0; border-top: 1px solid var(--line); }
    }

    """

  private static let dark = """
    :root {
      --paper: #14181d; --card: #1c2229; --ink: #e4e9ef; --faint: #9aa7b5; --line: #36404b; --hover: #28313b;
      --accent: #ff79c6; --bar: #7fa6d0;
      --trainable: \(dark(DrawingColours.trainable)); --frozen: \(dark(DrawingColours.frozen));
      --buffer: \(dark(DrawingColours.buffer)); --constant: \(dark(DrawingColours.constant));
      --warm: \(dark(DrawingColours.warmLine)); --cold: \(dark(DrawingColours.coldLine));
    }

    """ + rules

  private static func dark(_ colour: String) -> String {
    DrawingColours.darkened.first { $0.key == colour }?.value ?? colour
  }

  /// The drawing's own colours, turned dark.
  private static var rules: String {
    DrawingColours.darkened.map { light, dark in
      "#stage [fill=\"\(light)\"] { fill: \(dark); }\n#stage [stroke=\"\(light)\"] { stroke: \(dark); }\n"
    }.joined()
  }
}
