import ThawTensor
import ThawTypes

extension Trace {
  /// Writes Gelu for 0.5 x (1 + erf(x / √2)), and for 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))), whatever the order in
  /// which they are computed.
  mutating func recognizeGelu() {
    let links = TraceLinks(self)
    for node in nodes where node.operation is Erf || node.operation is Tanh {
      guard let curve = node.outputs.first ?? nil, let argument = node.inputs.first ?? nil else { continue }
      let approximates = node.operation is Tanh
      for x in GeluTerms.arithmeticSources(of: argument, links) where types[x] == types[curve] {
        guard let type = types[x],
          let end = GeluTerms(links, x: x, curve: curve, type.dtype).end(argument, approximates),
          let output = nodes[end].outputs.first ?? nil, types[output] == type
        else { continue }
        nodes[end] = Node(operation: Gelu(approximates: approximates), inputs: [x], outputs: [output])
        break
      }
    }
    removeDeadNodes()
  }
}

/// Arithmetic of a value x and of a curve of it, as sums of products of their powers: two ways of writing the same have
/// the same coefficients.
private struct GeluTerms {
  /// A product's powers of x and of the curve.
  struct Powers: Hashable {
    var x = 0
    var curve = 0
  }

  typealias Terms = [Powers: Double]

  private let links: TraceLinks
  private let x: Int
  private let curve: Int
  /// How far a rounded constant may be from the number that is meant.
  private let tolerance: Double

  init(_ links: TraceLinks, x: Int, curve: Int, _ dtype: DType) {
    self.links = links
    self.x = x
    self.curve = curve
    tolerance = dtype == .float16 ? 1e-3 : dtype == .bfloat16 ? 4e-3 : 1e-6
  }

  private static let most = 16

  /// The values that arithmetic makes `value` of, and that it passes on the way.
  static func arithmeticSources(of value: Int, _ links: TraceLinks) -> [Int] {
    var found = [value]
    var next = 0
    while next < found.count, found.count < most {
      if let node = links.maker(of: found[next]), isArithmetic(node.operation) {
        for case let input? in node.inputs where !found.contains(input) && links.number(input) == nil {
          found.append(input)
        }
      }
      next += 1
    }
    return found.reversed()
  }

  private static func isArithmetic(_ operation: any Operator) -> Bool {
    operation is Add || operation is Sub || operation is Mul || operation is Div || operation is Neg
      || operation is Pow
  }

  /// The place of the node that completes the function; nil when this is something else, or when what lies between is
  /// read by others too.
  func end(_ argument: Int, _ approximates: Bool) -> Int? {
    let root = (approximates ? 2 / Double.pi : 0.5).squareRoot()
    var expected: Terms = [Powers(x: 1): root]
    if approximates { expected[Powers(x: 3)] = 0.044715 * root }
    guard let found = terms(of: argument, Self.most), matches(found, expected) else { return nil }
    var value = curve
    for _ in 0..<Self.most {
      guard let reader = links.onlyReader(of: value), let output = links.output(of: reader),
        let result = terms(of: output, Self.most)
      else { return nil }
      if matches(result, [Powers(x: 1): 0.5, Powers(x: 1, curve: 1): 0.5]) { return reader }
      value = output
    }
    return nil
  }

  private func matches(_ found: Terms, _ expected: Terms) -> Bool {
    Set(found.keys).union(expected.keys).allSatisfy { powers in
      let number = expected[powers] ?? 0
      return abs((found[powers] ?? 0) - number) <= tolerance * max(abs(number), 1e-3)
    }
  }

  private func terms(of value: Int?, _ depth: Int) -> Terms? {
    guard let value, depth > 0 else { return nil }
    if value == x { return [Powers(x: 1): 1] }
    if value == curve { return [Powers(curve: 1): 1] }
    if let number = links.number(value) { return [Powers(): number] }
    guard let node = links.maker(of: value), Self.isArithmetic(node.operation),
      let left = terms(of: node.inputs[0], depth - 1)
    else { return nil }
    if node.operation is Neg { return left.mapValues { -$0 } }
    guard node.inputs.count == 2, let right = terms(of: node.inputs[1], depth - 1) else { return nil }
    switch node.operation {
    case is Add: return left.merging(right, uniquingKeysWith: +)
    case is Sub: return left.merging(right.mapValues { -$0 }, uniquingKeysWith: +)
    case is Mul: return product(left, right)
    case is Div:
      guard let number = number(right), number != 0 else { return nil }
      return left.mapValues { $0 / number }
    default:
      guard let power = number(right), power == 2 || power == 3, let square = product(left, left) else { return nil }
      return power == 2 ? square : product(square, left)
    }
  }

  private func number(_ terms: Terms) -> Double? { terms.keys.allSatisfy { $0 == Powers() } ? terms[Powers()] : nil }

  /// Nil where powers are too high for either function.
  private func product(_ left: Terms, _ right: Terms) -> Terms? {
    var result: Terms = [:]
    for (a, first) in left {
      for (b, second) in right {
        let powers = Powers(x: a.x + b.x, curve: a.curve + b.curve)
        guard powers.x <= 3, powers.curve <= 1 else { return nil }
        result[powers, default: 0] += first * second
      }
    }
    return result
  }
}
