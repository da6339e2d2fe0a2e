import ThawTypes

/// How often n-grams of a list stand in a row of tokens (ONNX TfIdfVectorizer-9).
///
/// The input is `[C]` or `[N, C]`, integers or strings; each row gives a vector, float32. The tokens of an n-gram may be
/// up to `maxSkipCount + 1` apart, evenly.
public struct TfIdfVectorizer: Primitive {
  public enum Mode: String, Hashable, Sendable {
    case count = "TF"
    case presence = "IDF"
    case weighted = "TFIDF"
  }

  /// The tokens of all n-grams, one after the other.
  public enum Pool: Hashable, Sendable {
    case integers([Int])
    case strings([[UInt8]])

    var count: Int {
      switch self {
      case .integers(let tokens): tokens.count
      case .strings(let tokens): tokens.count
      }
    }
  }

  public var mode: Mode
  public var gramLengths: ClosedRange<Int>
  public var maxSkipCount: Int
  /// For each length from 1 on, where its n-grams begin in the pool.
  public var counts: [Int]
  /// For each n-gram, the place in the output.
  public var places: [Int]
  public var pool: Pool
  public var weights: [Float]

  public static let schema = Schema(
    "TfIdfVectorizer", versions: [9], inputs: [Input("X", .index)], outputs: [Output("Y", differentiable: false)],
    batch: .mixing, differentiability: .never(because: "counts are integers"))

  public init(_ node: NodeReader) throws {
    let name = try node.required("mode", try node.string("mode"))
    guard let mode = Mode(rawValue: name) else {
      throw TensorError(.unsupported, "TfIdfVectorizer: mode is '\(name)', and may be TF, IDF or TFIDF")
    }
    self.mode = mode
    let low = try node.required("min_gram_length", try node.int("min_gram_length"))
    let high = try node.required("max_gram_length", try node.int("max_gram_length"))
    maxSkipCount = try node.required("max_skip_count", try node.int("max_skip_count"))
    counts = try node.required("ngram_counts", try node.ints("ngram_counts"))
    places = try node.required("ngram_indexes", try node.ints("ngram_indexes"))
    weights = try node.floats("weights") ?? []
    switch (try node.ints("pool_int64s"), try node.strings("pool_strings")) {
    case (let tokens?, nil): pool = .integers(tokens)
    case (nil, let tokens?): pool = .strings(tokens)
    default:
      throw TensorError(.operand, "TfIdfVectorizer: one of pool_int64s and pool_strings should be given")
    }
    guard low >= 1, low <= high, high <= counts.count, maxSkipCount >= 0 else {
      throw TensorError(
        .operand,
        "TfIdfVectorizer: the lengths of n-grams go from \(low) to \(high) with \(maxSkipCount) skips, and ngram_counts "
          + "has \(counts.count) entries")
    }
    gramLengths = low...high
    let ends = counts.dropFirst() + [pool.count]
    let areOrdered = zip(counts, ends).enumerated().allSatisfy { index, range in
      range.0 >= 0 && range.0 <= range.1 && range.1 <= pool.count && (range.1 - range.0) % (index + 1) == 0
    }
    let gramCount = areOrdered ? zip(counts, ends).enumerated().reduce(0) { $0 + ($1.1.1 - $1.1.0) / ($1.0 + 1) } : 0
    // As many places as elements a vector may have.
    guard areOrdered, gramCount == places.count, places.allSatisfy({ (0..<Int(Int32.max)).contains($0) }),
      weights.isEmpty || weights.count == places.count
    else {
      throw TensorError(
        .operand,
        "TfIdfVectorizer: the pool of \(pool.count) tokens, ngram_counts \(counts), \(places.count) ngram_indexes and "
          + "\(weights.count) weights do not fit together")
    }
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes: [String: Attribute] = [
      "mode": .text(mode.rawValue), "min_gram_length": .int(gramLengths.lowerBound),
      "max_gram_length": .int(gramLengths.upperBound), "max_skip_count": .int(maxSkipCount),
      "ngram_counts": .ints(counts), "ngram_indexes": .ints(places),
    ]
    switch pool {
    case .integers(let tokens): attributes["pool_int64s"] = .ints(tokens)
    case .strings(let tokens): attributes["pool_strings"] = .strings(tokens)
    }
    if !weights.isEmpty { attributes["weights"] = .floats(weights) }
    return attributes
  }

  private var width: Int { (places.max() ?? -1) + 1 }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let type = try tensorType(inputs, 0, of: Self.schema)
    let isFitting =
      if case .strings = pool { type.dtype == .string } else { type.dtype == .int32 || type.dtype == .int64 }
    guard isFitting, (1...2).contains(type.dims?.count ?? 1) else {
      throw TensorError(
        .operand,
        "TfIdfVectorizer: the input should be [C] or [N, C] of tokens as in the pool and is \(type)")
    }
    return [.tensor(TensorType(.float32, type.dims.map { $0.dropLast() + [.known(width)] }))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(input.type)], known: KnownValues())
    let numbers: [Float]
    switch pool {
    case .integers(let tokens): numbers = vectors(try input.integers(), input.shape, tokens)
    case .strings(let tokens): numbers = vectors(try input.strings(), input.shape, tokens)
    }
    return [.tensor(try Tensor(copying: numbers, shape: input.shape.dropLast() + [width]))]
  }

  private func vectors<Token: Hashable>(_ tokens: [Token], _ shape: [Int], _ pool: [Token]) -> [Float] {
    let grams = grams(pool)
    let length = shape.last ?? 0
    let rowCount = shape.count == 2 ? shape[0] : 1
    var result = [Float](repeating: 0, count: rowCount * width)
    for row in 0..<rowCount {
      let tokens = tokens[row * length..<(row + 1) * length]
      for gram in found(in: Array(tokens)) {
        for index in grams[gram] ?? [] {
          let place = row * width + places[index]
          let weight = weights.isEmpty || mode == .count ? 1 : weights[index]
          result[place] = mode == .presence ? weight : result[place] + weight
        }
      }
    }
    return result
  }

  /// The n-grams of a pool, with their numbers.
  private func grams<Token: Hashable>(_ pool: [Token]) -> [[Token]: [Int]] {
    var grams: [[Token]: [Int]] = [:]
    var number = 0
    for (index, start) in counts.enumerated() {
      let end = index + 1 < counts.count ? counts[index + 1] : pool.count
      for first in stride(from: start, to: end, by: index + 1) {
        if gramLengths.contains(index + 1) { grams[Array(pool[first...first + index]), default: []].append(number) }
        number += 1
      }
    }
    return grams
  }

  /// All n-grams of a row; those of one token once, whatever the distance.
  private func found<Token>(in tokens: [Token]) -> [[Token]] {
    var grams: [[Token]] = []
    for length in gramLengths {
      for distance in 1...(length == 1 ? 1 : maxSkipCount + 1) {
        let (reach, overflow) = (length - 1).multipliedReportingOverflow(by: distance)
        guard !overflow, reach < tokens.count else { break }
        for first in 0..<tokens.count - reach {
          grams.append((0..<length).map { tokens[first + $0 * distance] })
        }
      }
    }
    return grams
  }
}
