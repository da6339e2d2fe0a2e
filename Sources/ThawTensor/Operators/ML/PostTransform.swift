import ThawTypes

/// What becomes of a sample's scores (ONNX's `post_transform`).
public enum PostTransform: String, Hashable, Sendable, CaseIterable {
  case none = "NONE"
  case softmax = "SOFTMAX"
  case logistic = "LOGISTIC"
  case softmaxZero = "SOFTMAX_ZERO"
  case probit = "PROBIT"

  /// The scores of samples, `[samples, scores]`, transformed.
  ///
  /// A single score takes PROBIT and nothing else, as in ONNX Runtime: converters add a Sigmoid where one is meant.
  func callAsFunction(_ scores: Tensor) -> Tensor {
    let isSingle = scores.rank == 2 && scores.shape[1] == 1
    switch self {
    case .none: return scores
    case .probit: return Self.quantiles(scores)
    case _ where isSingle: return scores
    case .softmax: return scores.softmax(axis: 1)
    case .logistic: return scores.sigmoid()
    case .softmaxZero: return Self.softmaxZero(scores)
    }
  }

  /// Of one score for two classes, `[samples, 1]`, the scores of both, as ONNX Runtime makes them.
  ///
  /// LOGISTIC is taken of the score and its opposite; else they are one minus the score and the score, of which PROBIT
  /// alone is taken.
  func pair(_ score: Tensor) -> Tensor {
    switch self {
    case .logistic: return Tensor.concat([0 - score, score], axis: 1).sigmoid()
    case .probit: return Self.quantiles(.concat([1 - score, score], axis: 1))
    case .none, .softmax, .softmaxZero: return .concat([1 - score, score], axis: 1)
    }
  }

  /// Softmax in which scores of 0 stay next to 0 and have no part in the sum.
  private static func softmaxZero(_ scores: Tensor) -> Tensor {
    let peak = scores.max(axes: [1], keepDims: true)
    let isZero = scores.abs() .<= 1e-7
    let powers = Tensor.where(isZero, 0, (scores - peak).exp())
    return Tensor.where(isZero, scores * (0 - peak).exp(), powers) / powers.sum(axes: [1], keepDims: true)
  }

  /// The normal distribution's quantiles, by Winitzki's approximation of erf's inverse.
  private static func quantiles(_ scores: Tensor) -> Tensor {
    let a = 0.147
    let x = 2 * scores - 1
    let log = ((1 - x) * (1 + x)).log()
    let v = 2 / (Double.pi * a) + 0.5 * log
    let root = ((v * v - log / a).sqrt() - v).sqrt() * 2.0.squareRoot()
    return Tensor.where(x .< 0, 0 - root, root)
  }
}

extension NodeReader {
  /// The attribute `post_transform`, by name.
  func postTransform() throws -> PostTransform {
    let name = try string("post_transform") ?? "NONE"
    guard let transform = PostTransform(rawValue: name) else {
      throw TensorError(
        .unsupported,
        "\(self.name): the attribute post_transform is '\(name)', and should be one of "
          + PostTransform.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return transform
  }
}
