extension Sequence<Int> {
  /// The sum; `Int.max` where it is beyond that. For sizes that a file says.
  package var clampedSum: Int {
    reduce(0) { sum, number in
      let (next, overflow) = sum.addingReportingOverflow(number)
      return overflow ? .max : next
    }
  }
}
