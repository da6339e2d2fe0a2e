import ArgumentParser
import Thaw

extension Schedule {
  /// A schedule as it is written on the command line.
  ///
  /// - Throws: `ValidationError` for an unknown name or setting.
  init(argument: String) throws {
    let settings = try NamedSettings(argument)
    switch settings.name {
    case "constant":
      try settings.check(keys: [])
      self = .constant
    case "step":
      try settings.check(keys: ["every", "gamma"])
      guard let every: Int = try settings.number("every") else {
        throw ValidationError(
          "step needs the number of epochs after which the learning rate falls, as in step:every=10")
      }
      self = .step(every: every, gamma: try settings.number("gamma") ?? 0.1)
    case "linear":
      try settings.check(keys: ["end"])
      self = .linear(end: try settings.number("end") ?? 0)
    case "cosine":
      try settings.check(keys: ["end"])
      self = .cosine(end: try settings.number("end") ?? 0)
    default: throw ValidationError("it should be constant, step, linear or cosine")
    }
  }
}

extension Warmup {
  /// A number of steps, or a share of them such as 5%.
  ///
  /// - Throws: `ValidationError` for anything else.
  init(argument: String) throws {
    if argument.hasSuffix("%"), let percent = Double(argument.dropLast()) {
      self = .share(percent / 100)
    } else if let count = Int(argument) {
      self = .steps(count)
    } else {
      throw ValidationError("it should be a number of steps, or a share of them such as 5%")
    }
  }
}

extension TrainingPlan.Interval {
  /// A number of epochs, or of steps as in 500steps.
  ///
  /// - Throws: `ValidationError` for anything else.
  init(argument: String) throws {
    let digits = argument.prefix { $0.isNumber }
    let unit = argument.dropFirst(digits.count).drop { $0 == " " }
    switch (Int(digits), unit) {
    case (let count?, ""), (let count?, "epoch"), (let count?, "epochs"): self = .epochs(count)
    case (let count?, "step"), (let count?, "steps"): self = .steps(count)
    default: throw ValidationError("it should be a number of epochs, or of steps as in 500steps")
    }
  }
}
