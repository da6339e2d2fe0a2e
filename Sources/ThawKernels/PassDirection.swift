/// From inputs to outputs, or from the outputs' gradients to the inputs'.
package enum PassDirection: Int32, Hashable, Sendable, CaseIterable {
  case forward, backward
}
