import Foundation
import Testing
import ThawTensor
import ThawTypes

@testable import ThawGraph
@testable import ThawONNX

/// Cases of ONNX's backend tests, held against the list of those that do not pass.
@Suite("ONNX's backend tests", .serialized) struct ConformanceTests {
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/Conformance").path
  private static let archive = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "../../../../shared/conformance/onnx-backend-tests.tar.xz"
  ).standardized.path

  /// What must come of each case that does not pass; nil for one that draws numbers.
  private static func expectations() throws -> [String: ConformanceResult.Status?] {
    var expectations: [String: ConformanceResult.Status?] = [:]
    for line in try String(contentsOfFile: "\(fixtures)/expectations.txt", encoding: .utf8).split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 2)
      guard !line.hasPrefix("#"), words.count == 3 else { continue }
      let status = ConformanceResult.Status(rawValue: String(words[1]))
      try #require(status != nil || words[1] == "random", "\(line)")
      #expect(expectations.updateValue(status, forKey: String(words[0])) == nil, "\(words[0]) is named twice")
    }
    return expectations
  }

  /// Calls `body` with a folder that is gone afterwards.
  private static func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "conformance-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  /// The types of the first input that the newest form of an operator allows and that Thaw is said to take, by name.
  private static let types: [String: (allowed: Set<String>, taken: Set<String>)] = Dictionary(
    uniqueKeysWithValues: Operators.all.compactMap { type in
      let schema = type.schema
      guard schema.domain == .onnx, let taken = OperatorProbe(type)?.takenTypes(),
        let form = PublishedSchemas.named(schema.name, in: .onnx, opset: schema.versions.last ?? 1),
        let first = form.inputs.first
      else { return nil }
      return (schema.name, (form.types(of: first), Set(taken.map { "tensor(\($0.published))" })))
    })

  /// The operators of a model that compute with a type which Thaw is not said to take.
  private static func untaken(in model: ModelProto) -> [String] {
    let inputs = Dictionary(
      (model.graph?.input ?? []).compactMap { input in
        input.type.flatMap(ValueType.init).map { (input.name ?? "", $0.published) }
      }
    ) { first, _ in first }
    return (model.graph?.node ?? []).compactMap { node in
      guard let types = types[node.opType ?? ""], let found = node.input.first.flatMap({ inputs[$0] }),
        found.hasPrefix("tensor("), types.allowed.contains(found), !types.taken.contains(found)
      else { return nil }
      return "\(node.opType ?? "") of \(found)"
    }
  }

  /// Whether a case needs a library that is not installed here.
  private static func missesLibrary(_ result: ConformanceResult) -> Bool {
    guard result.status == .unsupported, let name = result.detail.firstMatch(of: /lib\w+\.so\.\d+/)?.output else {
      return false
    }
    return dlopen(String(name), RTLD_NOW) == nil
  }

  /// Runs all cases in a folder.
  ///
  /// - Returns: their names.
  private static func check(_ folder: String, _ execution: Execution) throws -> Set<String> {
    let expectations = try expectations()
    var names: Set<String> = []
    for path in try ConformanceCase.folders(in: folder) {
      let name = path.split(separator: "/").suffix(2).joined(separator: "/")
      names.insert(name)
      let model = try ModelProto(contentsOf: "\(path)/model.onnx")
      #expect(model.nodeProblems == [], "\(name)")
      let result = ConformanceCase(path).run(execution: execution)
      if result.status == .pass, execution == .eager { #expect(untaken(in: model) == [], "\(name)") }
      switch expectations[name] {
      case .some(nil): break
      case .some(let expected?):
        #expect(
          result.status == expected,
          "\(name), \(execution): \(result.detail); where this is an improvement, expectations.txt should say it")
      case nil:
        #expect(result.status == .pass || missesLibrary(result), "\(name), \(execution): \(result.detail)")
      }
    }
    return names
  }

  @Test("a part of them", arguments: [Execution.eager, .compiled])
  func part(execution: Execution) throws {
    try Self.withFolder { folder in
      let cases = try Npz(contentsOf: "\(Self.fixtures)/cases.npz")
      for name in cases.names {
        let path = "\(folder)/\(name)"
        try FileManager.default.createDirectory(
          at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        let bytes: [UInt8] = try #require(cases[name]).values()
        try Data(bytes).write(to: URL(filePath: path))
      }
      #expect(try Self.check(folder, execution).count > 200)
    }
  }

  @Test(
    "all of them", .enabled(if: FileManager.default.fileExists(atPath: archive), "\(archive) is not there"),
    arguments: [Execution.eager, .compiled])
  func whole(execution: Execution) throws {
    try Self.withFolder { folder in
      let tar = Process()
      tar.executableURL = URL(filePath: "/usr/bin/env")
      tar.arguments = ["tar", "-xJf", Self.archive, "-C", folder]
      try tar.run()
      tar.waitUntilExit()
      try #require(tar.terminationStatus == 0, "tar could not unpack \(Self.archive): it needs xz (xz-utils)")
      let names = try Self.check(folder, execution)
      #expect(names.count == 2036)
      #expect(Set(try Self.expectations().keys).subtracting(names).isEmpty, "these are no cases")
    }
  }

  @Test("what is computed is written as others can read it, and an error ends no run")
  func writing() throws {
    try Self.withFolder { folder in
      let element = ValueType.tensor(TensorType(.float32, nil))
      let values: [(Value, ValueType)] = [
        (.tensor(Tensor([1, .nan, 3])), element),
        (.tensor(try Tensor(strings: [[0xff, 0x41], []], shape: [2])), .tensor(TensorType(.string, nil))),
        (.sequence([.tensor(Tensor([1])), .tensor(Tensor([2, 3] as [Float]))], of: element), .sequence(element)),
        (.sequence([], of: element), .sequence(element)),
        (.optional(nil, of: .sequence(element)), .optional(.sequence(element))),
        (
          .optional(.sequence([.tensor(Tensor(4))], of: element), of: .sequence(element)), .optional(.sequence(element))
        ),
        (
          .map(MapValue(keys: Tensor([7, -1]), values: [.tensor(Tensor(1)), .tensor(Tensor(2))], valueType: element)),
          .map(key: .int64, value: element)
        ),
        (
          .sparseTensor(SparseTensor(values: Tensor([5]), indices: Tensor([3]), shape: [2, 2])),
          .sparseTensor(TensorType(.float32, nil))
        ),
      ]
      for (index, (value, type)) in values.enumerated() {
        let path = "\(folder)/value_\(index).pb"
        try ValueFile.write(value, named: "v", to: path)
        let read = try ValueFile.read(path, as: type)
        #expect(try ValueComparison().difference(read, from: value) == nil, "\(type)")
        #expect(read.type == value.type || read.type.tensor != nil || index == 7)
      }
      let missing = ConformanceCase("\(folder)/nowhere").run(execution: .eager)
      #expect(missing.status == .error && !missing.detail.isEmpty)
    }
  }

  @Test("differences are seen, and only those")
  func differences() throws {
    let comparison = ValueComparison()
    func difference(_ a: Tensor, _ b: Tensor) throws -> String? {
      try comparison.difference(.tensor(a), from: .tensor(b))
    }
    #expect(try difference(Tensor([1, .nan, .infinity]), Tensor([1.0009, .nan, .infinity])) == nil)
    #expect(
      try difference(Tensor([1, 2] as [Float]), Tensor([1, 2.1]))
        == "1 of 2 numbers are wrong, the worst is 2.0 at 1, expected 2.0999999046325684")
    #expect(try difference(Tensor([1, .nan]), Tensor([1, 2] as [Float])) != nil)
    #expect(try difference(Tensor([.infinity]), Tensor([-.infinity])) != nil)
    #expect(try difference(Tensor([1000]), Tensor([1001])) != nil)
    #expect(
      try difference(Tensor([1, 2]), Tensor([[1, 2]].flatMap { $0 }, shape: [1, 2])) == "int64[2], expected int64[1, 2]"
    )
    #expect(try difference(Tensor([1] as [Float]), Tensor([1])) == "float32[1], expected int64[1]")
    let element = ValueType.tensor(TensorType(.int64, nil))
    let (one, two) = (Value.tensor(Tensor([1])), Value.tensor(Tensor([2])))
    let pair = Value.sequence([one, two], of: element)
    #expect(try comparison.difference(.sequence([one], of: element), from: pair) == "1 elements, expected 2")
    #expect(
      try comparison.difference(.sequence([one, one], of: element), from: pair)?.hasPrefix("element 1: ") == true)
    #expect(try comparison.difference(.optional(nil, of: element), from: .optional(one, of: element)) != nil)
    func map(_ keys: [Int], _ values: [Value]) -> Value {
      .map(MapValue(keys: Tensor(keys), values: values, valueType: element))
    }
    #expect(try comparison.difference(map([1, 2], [one, two]), from: map([2, 1], [two, one])) == nil)
    #expect(try comparison.difference(map([1], [one]), from: map([2], [one])) == "the key 1 is not expected")
  }

  @Test("a tolerance that a file gives holds for integers too")
  func tolerances() throws {
    try Self.withFolder { folder in
      let path = "\(folder)/data.json"
      try Data(#"{"atol": 1}"#.utf8).write(to: URL(filePath: path))
      let comparison = try ValueComparison(contentsOf: path)
      func difference(_ a: Tensor, _ b: Tensor) throws -> String? {
        try comparison.difference(.tensor(a), from: .tensor(b))
      }
      #expect(try difference(Tensor([7]), Tensor([8])) == nil)
      #expect(try difference(Tensor([7]), Tensor([9])) != nil)
      #expect(try difference(Tensor([true]), Tensor([false])) != nil)
      #expect(try difference(Tensor([1.5]), Tensor([2.5])) == nil)
    }
  }
}
