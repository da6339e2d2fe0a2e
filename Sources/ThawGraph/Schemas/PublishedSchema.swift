import ThawONNX
import ThawTensor
import ThawTypes

/// What ONNX has published of an operator in one version: how many inputs and outputs, of which types, and the
/// attributes.
///
/// `Schema` tells what Thaw does with an operator; this, what a node of it may look like in a file.
public struct PublishedSchema: Sendable {
  /// ONNX's name, such as `Conv`.
  public let name: String
  public let domain: Domain
  /// The first version of the operator set that has the operator in this form.
  public let version: Int
  /// Whether the operator is withdrawn from this version on: no node may have it.
  public let isDeprecated: Bool
  /// Whether a node may have attributes that are not listed.
  public let isOpen: Bool
  public let inputs: [FormalParameter]
  public let outputs: [FormalParameter]
  /// The only numbers of outputs that a node may have, where not every one from the fewest to the most is allowed.
  public let outputCounts: [Int]?
  /// What each type letter may stand for, as ONNX writes types: `tensor(float)`, `seq(tensor(int64))`.
  public let types: [String: Set<String>]
  public let attributes: [FormalAttribute]

  /// One input or output, as ONNX has published it.
  public struct FormalParameter: Sendable, Equatable {
    /// How many values of a node the parameter stands for.
    public enum Count: Sendable, Equatable {
      case one
      /// None or one; the name is then empty, or ends the list before it.
      case optional
      /// Any number from `atLeast` on. With `ofOneType`, a type letter is the same type for all of them.
      case variadic(atLeast: Int, ofOneType: Bool)
    }

    public let name: String
    /// A type letter of the operator, or a type.
    public let type: String
    public let count: Count
  }

  /// One attribute, as ONNX has published it.
  public struct FormalAttribute: Sendable, Equatable {
    public let name: String
    public let type: AttributeProto.AttributeType
    public let isRequired: Bool
    /// What an absent attribute means, as text, a list's elements by themselves; nil where ONNX gives no value.
    public let defaultValue: [String]?
  }
}

extension PublishedSchema {
  /// The numbers of inputs that a node may have.
  public var inputCount: ClosedRange<Int> { Self.count(of: inputs) }
  /// The numbers of outputs that a node may have; see also `outputCounts`.
  public var outputCount: ClosedRange<Int> { Self.count(of: outputs) }

  /// The types that a parameter may have.
  public func types(of parameter: FormalParameter) -> Set<String> { types[parameter.type] ?? [parameter.type] }

  /// The element types of the tensors that a parameter may be, in ONNX's order.
  public func elementTypes(of parameter: FormalParameter) -> [DType] {
    let allowed = types(of: parameter)
    return DType.allCases.filter { allowed.contains("tensor(\($0.published))") }
  }

  /// The formal input at `index`; a variadic last one stands for all that follow.
  public func input(at index: Int) -> FormalParameter? { Self.parameter(at: index, of: inputs) }
  /// The formal output at `index`; a variadic last one stands for all that follow.
  public func output(at index: Int) -> FormalParameter? { Self.parameter(at: index, of: outputs) }

  private static func parameter(at index: Int, of parameters: [FormalParameter]) -> FormalParameter? {
    if index < parameters.count { return parameters[index] }
    guard let last = parameters.last, case .variadic = last.count else { return nil }
    return last
  }

  /// From the last that must be there to the last that may.
  private static func count(of parameters: [FormalParameter]) -> ClosedRange<Int> {
    var (least, most) = (0, 0)
    for (index, parameter) in parameters.enumerated() {
      switch parameter.count {
      case .one: (least, most) = (index + 1, index + 1)
      case .optional: most = index + 1
      case .variadic(let atLeast, _): (least, most) = (index + atLeast, .max)
      }
    }
    return least...max(least, most)
  }
}
