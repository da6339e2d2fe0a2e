import ArgumentParser
import Thaw

/// An optimizer as it is written on the command line.
enum OptimizerName: String, ExpressibleByArgument, CaseIterable {
  case sgd, adam, adamw, rmsprop, adagrad

  /// The learning rate where none was given.
  var learningRate: Double {
    switch self {
    case .sgd, .rmsprop, .adagrad: 0.01
    case .adam, .adamw: 0.001
    }
  }

  /// The momentum where none was given; nil where the optimizer has none.
  var momentum: Double? {
    switch self {
    case .sgd: 0.9
    case .rmsprop: 0
    case .adam, .adamw, .adagrad: nil
    }
  }

  /// The weight decay where none was given.
  var weightDecay: Double { self == .adamw ? 0.01 : 0 }
}

/// What BatchNormalization does, as it is written on the command line.
enum BatchNormArgument: String, ExpressibleByArgument, CaseIterable {
  case frozen, train

  var mode: BatchNormalizationMode { self == .train ? .train : .frozen }
}

/// Whether Dropout draws, as it is written on the command line.
enum DropoutArgument: String, ExpressibleByArgument, CaseIterable {
  case on, off

  var mode: DropoutMode { self == .on ? .on : .off }
}

extension Evaluator {
  /// What a user should know about what is read and how samples are given.
  var notes: [String] { output.notes + batchSize.notes }
}

extension BatchSize {
  fileprivate var notes: [String] {
    switch self {
    case .any: []
    case .freed(let declared):
      [
        "the inputs are declared for \(count(declared)), and nothing in the model holds that number: batches may have "
          + "any size; the file keeps what it declares"
      ]
    case .fixed(let size, let holder):
      [
        "samples go through the model in groups of \(size), because \(holder) holds that number; over a batch the "
          + "groups' gradients add up, and the last group is filled up with samples that do not count"
      ]
    }
  }

  private func count(_ samples: Int) -> String { samples == 1 ? "1 sample" : "\(samples) samples" }
}

extension TrainedOutput {
  /// What a user should know about the value that the loss reads.
  fileprivate var notes: [String] {
    var notes: [String] = []
    if !others.isEmpty { notes.append("the loss reads the output '\(name)', not: \(others.shortened())") }
    if let skippedActivation {
      notes.append(
        "the loss reads the logits before the final \(skippedActivation) of '\(name)'; the file keeps the "
          + skippedActivation)
    }
    return notes
  }
}
