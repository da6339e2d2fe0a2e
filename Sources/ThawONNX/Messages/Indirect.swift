/// An optional value kept outside the struct that has it.
///
/// An `AttributeProto` could hold a tensor, a graph and a type at once; inline they would take hundreds of bytes in
/// each of the many attributes that hold a number.
indirect enum Indirect<Value: Equatable & Sendable>: Equatable, Sendable {
  case none
  case some(Value)

  init(_ value: Value?) {
    self = value.map(Self.some) ?? .none
  }

  var value: Value? {
    switch self {
    case .none: nil
    case .some(let value): value
    }
  }
}
