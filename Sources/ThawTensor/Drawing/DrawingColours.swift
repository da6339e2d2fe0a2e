/// The colours of all drawings: warm is what training changes and where gradients go, cold is what is frozen.
package enum DrawingColours {
  package static let trainable = "#fdc086"
  package static let frozen = "#b9d8f5"
  package static let buffer = "#d9cdf3"
  package static let constant = "#e4e6ea"
  /// Boxes and arrows on the way of gradients.
  package static let warmFill = "#fff6ea"
  package static let warmLine = "#d9730d"
  /// Boxes and arrows off it.
  package static let coldFill = "#f3f7fb"
  package static let coldLine = "#8aa0b6"
  package static let ink = "#1f2933"
  package static let faintInk = "#5f6c7b"
  /// Where the graph begins and ends.
  package static let port = "#dff3e4"
  package static let portLine = "#3f9c5f"
  /// Behind blocks that are drawn once.
  package static let block = "#f6f7f9"
  package static let blockLine = "#c3cad3"
  /// What stands for each of them on a dark ground.
  package static let darkened: KeyValuePairs = [
    trainable: "#8a4b08", frozen: "#1f4f7d", buffer: "#54418a", constant: "#3d4550", warmFill: "#3a2a17",
    warmLine: "#f0963c", coldFill: "#1d2833", coldLine: "#7f95ab", ink: "#e4e9ef", faintInk: "#a9b5c2",
    port: "#1d4a2e", portLine: "#5fc287", block: "#1a1f26", blockLine: "#4a5562",
  ]
}
