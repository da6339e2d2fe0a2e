extension Collection<String> {
  /// The names in a line: the first ones, and how many more there are.
  public func shortened(to limit: Int = 6) -> String {
    // One more costs no more room than "and 1 more".
    guard count > limit + 1 else { return joined(separator: ", ") }
    return prefix(limit).joined(separator: ", ") + " … and \(count - limit) more"
  }
}
