import ThawKernels
import ThawTypes

/// Decision trees: their nodes in one list, walked from the roots.
///
/// A node compares a feature with its threshold and goes on to one of two nodes; a leaf adds weights to targets. The ways
/// are known to end: the initializer refuses cycles and what points nowhere.
public struct Forest: Hashable, Sendable {
  /// How a node compares the feature with its threshold.
  public enum Mode: UInt8, Sendable {
    case lessOrEqual, less, greaterOrEqual, greater, equal, notEqual
    /// Whether it is one of a set.
    case member
    case leaf
  }

  public struct Node: Hashable, Sendable {
    public var mode: Mode
    public var feature: Int32 = 0
    public var threshold: Double = 0
    /// Whether NaN passes.
    public var passesNaN = false
    /// Where to go on when the comparison holds, and when it does not.
    public var onTrue: Int32 = 0
    public var onFalse: Int32 = 0

    public init(_ mode: Mode) { self.mode = mode }
  }

  public struct Weight: Hashable, Sendable {
    public var target: Int32
    public var value: Double

    public init(target: Int32, value: Double) { (self.target, self.value) = (target, value) }
  }

  public let nodes: [Node]
  public let roots: [Int32]
  /// The weights of the leaves, by node.
  public let weights: [Int32: [Weight]]
  /// The sets of member nodes, by node.
  public let members: [Int32: Set<Double>]
  public let targetCount: Int
  /// How many features a sample must have.
  public let featureCount: Int

  /// The weights in one list, and where a leaf's begin.
  private let weightList: [Weight]
  private let weightStarts: [Int32]

  /// - Throws: `TensorError` of kind `operand` for a node, target or feature that is not there, or a way that never ends.
  init(
    nodes: [Node], roots: [Int32], weights: [Int32: [Weight]], members: [Int32: Set<Double>] = [:], targetCount: Int,
    in name: String
  ) throws {
    guard targetCount > 0, targetCount <= 1 << 24 else {
      throw TensorError(.operand, "\(name): there are \(targetCount) targets, and there should be 1 to \(1 << 24)")
    }
    let isNode = { (index: Int32) in index >= 0 && index < nodes.count }
    for (index, node) in nodes.enumerated() where node.mode != .leaf {
      guard isNode(node.onTrue), isNode(node.onFalse) else {
        throw TensorError(
          .operand,
          "\(name): node \(index) goes on to \(node.onTrue) or \(node.onFalse), and there are \(nodes.count) nodes")
      }
      guard node.feature >= 0 else {
        throw TensorError(.operand, "\(name): node \(index) looks at the feature \(node.feature)")
      }
    }
    guard roots.allSatisfy(isNode) else {
      throw TensorError(.operand, "\(name): the trees begin at \(roots.shortList), and there are \(nodes.count) nodes")
    }
    for (node, list) in weights {
      guard isNode(node), list.allSatisfy({ $0.target >= 0 && $0.target < targetCount }) else {
        throw TensorError(
          .operand,
          "\(name): node \(node) has weights for the targets \(list.map(\.target).shortList) of \(targetCount)")
      }
    }
    try Self.checkEnds(nodes, roots, in: name)
    self.nodes = nodes
    self.roots = roots
    self.weights = weights
    self.members = members
    self.targetCount = targetCount
    featureCount = (nodes.filter { $0.mode != .leaf }.map { Int($0.feature) }.max() ?? -1) + 1
    var list: [Weight] = []
    var starts: [Int32] = [0]
    for node in nodes.indices {
      list += weights[Int32(node)] ?? []
      starts.append(Int32(clamping: list.count))
    }
    (weightList, weightStarts) = (list, starts)
  }

  /// That no way through the nodes comes back to where it was; the depth does not matter.
  private static func checkEnds(_ nodes: [Node], _ roots: [Int32], in name: String) throws {
    enum Visit { case none, open, done }
    var visits = [Visit](repeating: .none, count: nodes.count)
    for root in roots where visits[Int(root)] == .none {
      var path = [Int(root)]
      while let index = path.last {
        let node = nodes[index]
        let next = node.mode == .leaf ? [] : [Int(node.onTrue), Int(node.onFalse)]
        visits[index] = .open
        if let open = next.first(where: { visits[$0] == .open }) {
          throw TensorError(.operand, "\(name): the way from node \(index) to node \(open) comes back to node \(index)")
        }
        if let child = next.first(where: { visits[$0] == .none }) {
          path.append(child)
        } else {
          visits[index] = .done
          path.removeLast()
        }
      }
    }
  }

  /// How the trees' weights for a target become its score.
  public enum Aggregation: String, Hashable, Sendable, CaseIterable {
    case average = "AVERAGE"
    case sum = "SUM"
    case minimum = "MIN"
    case maximum = "MAX"
  }

  /// What the trees say of each sample and target.
  struct Scores<Element: BinaryFloatingPoint> {
    /// 0 where no tree had a weight.
    var values: [Element]
    /// Whether a tree had a weight.
    var isSet: [Bool]
  }

  /// Walks all trees with each of `rowCount` rows of features.
  func scores<Element: BinaryFloatingPoint & Scalar>(
    _ rows: Tensor, _ aggregation: Aggregation, as element: Element.Type
  ) throws -> Scores<Element> {
    let (rowCount, width) = (rows.shape[0], rows.shape[1])
    let x: [Element] = try rows.elements()
    let total = rowCount * targetCount
    let values = [Element](unsafeUninitializedCapacity: total) { buffer, count in
      buffer.initialize(repeating: 0)
      count = total
    }
    var scores = Scores(values: values, isSet: [Bool](repeating: false, count: total))
    x.withUnsafeBufferPointer { x in
      scores.values.withUnsafeMutableBufferPointer { values in
        scores.isSet.withUnsafeMutableBufferPointer { isSet in
          nonisolated(unsafe) let (values, isSet) = (values, isSet)
          let grain = max(1, 16_384 / max(1, roots.count))
          parallel(rowCount, grain: grain) { range in
            for row in range {
              walk(
                UnsafeBufferPointer(rebasing: x[row * width..<(row + 1) * width]), aggregation,
                UnsafeMutableBufferPointer(rebasing: values[row * targetCount..<(row + 1) * targetCount]),
                UnsafeMutableBufferPointer(rebasing: isSet[row * targetCount..<(row + 1) * targetCount]))
            }
          }
        }
      }
    }
    return scores
  }

  private func walk<Element: BinaryFloatingPoint>(
    _ x: UnsafeBufferPointer<Element>, _ aggregation: Aggregation, _ values: UnsafeMutableBufferPointer<Element>,
    _ isSet: UnsafeMutableBufferPointer<Bool>
  ) {
    for root in roots {
      let leaf = leaf(x, from: Int(root))
      for place in Int(weightStarts[leaf])..<Int(weightStarts[leaf + 1]) {
        let weight = weightList[place]
        let (target, value) = (Int(weight.target), Element(weight.value))
        switch aggregation {
        case .sum, .average: values[target] += value
        case .minimum: values[target] = isSet[target] ? Swift.min(values[target], value) : value
        case .maximum: values[target] = isSet[target] ? Swift.max(values[target], value) : value
        }
        isSet[target] = true
      }
    }
    if aggregation == .average {
      for target in values.indices { values[target] /= Element(roots.count) }
    }
  }

  private func leaf<Element: BinaryFloatingPoint>(_ x: UnsafeBufferPointer<Element>, from root: Int) -> Int {
    nodes.withUnsafeBufferPointer { nodes in
      var index = root
      while nodes[index].mode != .leaf {
        let node = nodes[index]
        let feature = Double(x[Int(node.feature)])
        let passes =
          switch node.mode {
          case .lessOrEqual: feature <= node.threshold
          case .less: feature < node.threshold
          case .greaterOrEqual: feature >= node.threshold
          case .greater: feature > node.threshold
          case .equal: feature == node.threshold
          case .notEqual: feature != node.threshold
          case .member: members[Int32(index)]?.contains(feature) ?? false
          case .leaf: false
          }
        index = Int(passes || (node.passesNaN && feature.isNaN) ? node.onTrue : node.onFalse)
      }
      return index
    }
  }
}

extension Collection {
  /// The first few, for messages.
  fileprivate var shortList: String {
    "[" + prefix(5).map { "\($0)" }.joined(separator: ", ") + (count > 5 ? ", …]" : "]")
  }
}

extension TensorError {
  /// Attributes that should have one entry for each of the same things and have not.
  static func lengths(_ name: String, _ lengths: [(attribute: String, count: Int)]) -> TensorError? {
    guard Set(lengths.map(\.count)).count > 1 else { return nil }
    let list = lengths.map { "\($0.attribute) \($0.count)" }.joined(separator: ", ")
    return TensorError(.operand, "\(name): these attributes should be of one length and are not: \(list)")
  }
}
