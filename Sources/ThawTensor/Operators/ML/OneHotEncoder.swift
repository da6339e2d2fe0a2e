import ThawTypes

/// One along a new last axis where an element is one of the categories (ONNX-ML OneHotEncoder-1).
///
/// The result is float32. Numbers are cut off to integers before they are looked for; of equal categories the last counts.
public struct OneHotEncoder: Primitive {
  public let categories: Bulk<ClassLabels>
  /// Whether an element that is no category gives zeros, rather than an error.
  public var allowsOthers: Bool

  public init(_ categories: ClassLabels, allowsOthers: Bool = true) {
    self.categories = Bulk(categories)
    self.allowsOthers = allowsOthers
  }

  public static let schema = Schema(
    "OneHotEncoder", domain: .onnxML, versions: [1], inputs: [Input("X", .index)], batch: .elementwise,
    differentiability: .never(because: "its input is categories"))

  public init(_ node: NodeReader) throws {
    self.init(
      try node.classLabels(integers: "cats_int64s", strings: "cats_strings"),
      allowsOthers: try node.flag("zeros", default: true))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    categories.contents.attributes(integers: "cats_int64s", strings: "cats_strings")
      .merging(["zeros": .int(allowsOthers ? 1 : 0)]) { $1 }
  }

  /// The samples keep their axis; the categories' comes last.
  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.kept() }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    let isString = categories.contents.dtype == .string
    guard isString == (x.dtype == .string), isString || x.dtype.isInteger || x.dtype.isFloatingPoint else {
      throw TensorError(
        .dtype,
        "OneHotEncoder: X is \(x), and the categories are \(isString ? "strings" : "integers")")
    }
    return [.tensor(TensorType(.float32, x.dims.map { $0 + [.known(categories.contents.count)] }))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    let places = try places(of: x)
    let width = categories.contents.count
    var result = [Float](repeating: 0, count: places.count * width)
    for (element, place) in places.enumerated() {
      if let place {
        result[element * width + place] = 1
      } else if !allowsOthers {
        throw TensorError(
          .range, "OneHotEncoder: element \(element) of X is none of the \(width) categories, and zeros is 0")
      }
    }
    return [.tensor(try Tensor(copying: result, shape: x.shape + [width]))]
  }

  private func places(of x: Tensor) throws -> [Int?] {
    switch categories.contents {
    case .integers(let list):
      let places = Dictionary(zip(list, 0...)) { $1 }
      if x.dtype.isInteger { return try x.elements(as: Int.self).map { places[$0] } }
      return try x.elements(as: Double.self).map { Int(exactly: $0.rounded(.towardZero)).flatMap { places[$0] } }
    case .strings(let list):
      let places = Dictionary(zip(list, 0...)) { $1 }
      return try x.strings().map { places[$0] }
    }
  }
}
