/// Which Thaw this is.
package enum Release {
  /// As tags name it, without the "v".
  package static let version = "0.1.0"
}
