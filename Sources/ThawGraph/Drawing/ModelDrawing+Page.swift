import Foundation
import ThawONNX
import ThawTensor

extension ModelDrawing {
  /// The drawing as a page for a browser, whole in itself: it loads nothing, and no script runs in it but Thaw's own.
  ///
  /// - Parameter patience: how long `dot` may take.
  /// - Throws: as `write(to:_:)`.
  public func page(_ patience: Graphviz.Patience = Graphviz.Patience()) throws -> String {
    let contents = try PageContents(self).json()
    let picture = try Self.element(of: Graphviz.layOut(ModelDOT(graph, legend: nil).text, as: .svg, patience))
    let title = DOTText.escaped(title)
    let script = Data(SHA256.bytes(of: PageScript.text.utf8)).base64EncodedString()
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\
      default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-\(script)'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="generator" content="thaw draw">
      <title>\(title)</title>
      <style>
      \(PageStyle.text)</style>
      </head>
      <body>
      <header>
      <h1 title="\(title)">\(title)</h1>
      <div id="finding">
      <input id="search" type="search" placeholder="operator or name ( / )" aria-label="search" autocomplete="off">
      <span id="count" role="status"></span>
      <div id="found" hidden></div>
      </div>
      <nav>
      <button type="button" data-action="out" aria-label="smaller">−</button>
      <button type="button" data-action="in" aria-label="larger">+</button>
      <button type="button" data-action="all">all</button>
      <button type="button" data-action="real">1:1</button>
      <button type="button" data-action="about">about</button>
      </nav>
      </header>
      <main id="stage">
      \(picture)
      <details id="legend"><summary>legend</summary>
      \(pageLegend)
      </details>
      </main>
      <aside id="panel">
      <div id="about"></div><button type="button" data-action="close" aria-label="close">×</button>
      </aside>
      <script type="application/json" id="model">\(contents)</script>
      <script>\(PageScript.text)</script>
      </body>
      </html>

      """
  }

  private var pageLegend: String {
    let roles = roles.map { role, text in
      "<div><span class=\"role \(role.rawValue)\">\(role.rawValue)</span>\(DOTText.escaped(text))</div>"
    }
    let lines = ["<div><i></i>in the backward pass</div>", "<div><i class=\"still\"></i>no gradient</div>"]
    let blocks = isFolded ? ["<div>× 12: a block that is there 12 times</div>"] : []
    return (roles + lines + blocks).joined(separator: "\n")
  }

  /// The element of a file in SVG, without what only a file of its own has.
  private static func element(of svg: Data) throws -> Substring {
    let text = String(decoding: svg, as: UTF8.self)
    guard let start = text.range(of: "<svg") else {
      throw DrawingError(message: "what `dot` gave is no SVG; draw to a .dot file to see the text that it was given")
    }
    return text[start.lowerBound...]
  }
}
