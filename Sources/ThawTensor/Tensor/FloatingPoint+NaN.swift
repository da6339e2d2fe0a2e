extension FloatingPoint {
  /// The number, NaN without its sign, which says nothing and would be printed.
  package var withPlainNaN: Self { isNaN ? .nan : self }
}
