import ThawTensor

/// Who makes and who reads the values of a trace, for passes that look for groups of nodes.
struct TraceLinks {
  private let trace: Trace
  private var makers: [Int: Int] = [:]
  private var readers: [Int: Set<Int>] = [:]
  private let outputs: Set<Int>

  init(_ trace: Trace) {
    self.trace = trace
    outputs = Set(trace.outputs)
    for (index, node) in trace.nodes.enumerated() {
      for case let output? in node.outputs { makers[output] = index }
      for case let input? in node.inputs { readers[input, default: []].insert(index) }
    }
  }

  /// The node that makes a value.
  func maker(of value: Int?) -> Trace.Node? { value.flatMap { makers[$0] }.map { trace.nodes[$0] } }

  /// The inputs of the node that makes a value, if its operation is of a type.
  func inputs<Operation: Operator>(of value: Int?, _ type: Operation.Type) -> [Int?]? {
    guard let node = maker(of: value), node.operation is Operation else { return nil }
    return node.inputs
  }

  /// The first output of the node at a place.
  func output(of place: Int) -> Int? { trace.nodes[place].outputs.first ?? nil }

  /// The place of the one node that reads a value that is no output.
  func onlyReader(of value: Int) -> Int? {
    guard !outputs.contains(value), let all = readers[value], all.count == 1 else { return nil }
    return all.first
  }

  /// Whether nobody but the makers of some values reads a value.
  func isRead(_ value: Int, onlyFor results: Set<Int>) -> Bool {
    !outputs.contains(value) && readers[value, default: []].isSubset(of: Set(results.compactMap { makers[$0] }))
  }

  /// The number that a value is in every run.
  func number(_ value: Int?) -> Double? {
    guard let value, let tensor = trace.constants[value], tensor.count == 1,
      tensor.dtype.isFloatingPoint || tensor.dtype.isInteger
    else { return nil }
    return try? withErrors { try tensor.cast(to: .float64).elements(as: Double.self) }.first
  }

  /// Whether two values are the same: one value, or the same operation of the same inputs.
  func areSame(_ a: Int, _ b: Int) -> Bool {
    if a == b { return true }
    guard let first = maker(of: a), let second = maker(of: b), first.inputs == second.inputs else { return false }
    return first.operation is Sub && second.operation is Sub
  }
}
