import ThawTensor

/// A number that an optimizer was given, to be held against its range.
struct OptimizerSetting {
  let name: String
  let value: Double

  init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }

  /// - Throws: `TrainingError` of kind `setting` when it is no number of at least 0.
  func checkNotNegative() throws {
    guard value >= 0, value.isFinite else {
      throw TrainingError(.setting, "\(name) should be a number of at least 0 and is \(value)")
    }
  }

  /// - Throws: `TrainingError` of kind `setting` when it is not from 0 to below 1.
  func checkShare() throws {
    guard value >= 0, value < 1 else {
      throw TrainingError(.setting, "\(name) should be at least 0 and below 1 and is \(value)")
    }
  }

  /// Leaves the first error of the checks to the scope of errors, as an operation does.
  static func check(_ checks: () throws -> Void) {
    do { try checks() } catch { _ = Tensor.poisoned(by: error) }
  }
}
