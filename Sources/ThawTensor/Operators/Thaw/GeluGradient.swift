import ThawKernels
import ThawTypes

/// The gradient of `Gelu`, from dY and X: dY times the derivative at X.
public struct GeluGradient: Expandable {
  public var approximates: Bool

  public init(approximates: Bool = false) { self.approximates = approximates }

  public static let schema = Schema(
    "GeluGradient", domain: .thaw, versions: [1], inputs: [Input("dY"), Input("X")], outputs: [Output("dX")],
    batch: .elementwise)

  public init(_ node: NodeReader) throws {
    self.init(approximates: try node.flag("approximates", default: false))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["approximates": .int(approximates ? 1 : 0)] }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let gradient = try tensorType(inputs, 0, of: Self.schema)
    let x = try tensorType(inputs, 1, of: Self.schema)
    if let shape = gradient.shape, let other = x.shape, shape != other || gradient.dtype != x.dtype {
      throw TensorError(.shape, "GeluGradient: dY is \(gradient) and X \(x); they should agree")
    }
    return [.tensor(x)]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    let x = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let function: BinaryFunction = approximates ? .geluTanhGradient : .geluGradient
    return [.tensor(try elementwise(function, gradient, x, in: "GeluGradient"))]
  }

  public func expansion(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    let x = try tensor(inputs, 1, of: Self.schema)
    guard approximates else {
      let distribution = 0.5 * (1 + (x * 0.5.squareRoot()).erf())
      let density = (-0.5 * (x * x)).exp() * (0.5 / Double.pi).squareRoot()
      return [.tensor(gradient * (distribution + x * density))]
    }
    // y = x (1 + t) / 2 with t = tanh(s (x + c x³))
    let (s, c) = ((2 / Double.pi).squareRoot(), 0.044715)
    let square = x * x
    let t = (s * (x * (1 + c * square))).tanh()
    let slope = (1 - t * t) * (s * (1 + 3 * c * square))
    return [.tensor(gradient * (0.5 * (1 + t + x * slope)))]
  }
}
