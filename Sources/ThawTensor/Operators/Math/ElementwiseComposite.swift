import ThawTypes

/// A function of each element of a floating tensor, written in other operations.
protocol ElementwiseComposite: Composite {
  func body(_ x: Tensor) throws -> Tensor
}

extension ElementwiseComposite {
  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(try tensorType(inputs, 0, of: Self.schema))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    [.tensor(try body(try tensor(inputs, 0, of: Self.schema)))]
  }
}
