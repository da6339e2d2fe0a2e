import ArgumentParser
import Thaw

/// How a model is opened, and what its calls may use: the same for every subcommand that opens one.
struct OpeningOptions: ParsableArguments {
  @Flag(help: "Reads external data also through symbolic links that lead out of the model's folder.")
  var allowLinks = false
  @Option(
    help: "The most memory that a call may take, such as 500M or 8G (default: three quarters of what there is)."
  )
  var maxMemory: ByteCount?
  @Option(help: "The most seconds that a call may take (default: 3600).") var maxSeconds: Double?

  func validate() throws {
    if let maxSeconds, !(maxSeconds > 0) {
      throw ValidationError("--max-seconds should be a number above 0 and is \(maxSeconds)")
    }
  }

  func open(_ path: String) throws -> Model {
    let model = try Model(contentsOf: path, allowLinks: allowLinks)
    model.limits = limits
    return model
  }

  /// What a call may use.
  var limits: Limits {
    var limits = Limits()
    if let maxMemory { limits.bytesAlive = maxMemory.count }
    if let maxSeconds { limits.seconds = maxSeconds }
    return limits
  }
}

/// A number of bytes as it is written on the command line: 1000, 64K, 500M, 8G, in powers of 1024.
struct ByteCount: ExpressibleByArgument {
  let count: Int

  init?(argument: String) {
    let units: [Character: Int] = ["K": 10, "M": 20, "G": 30, "T": 40]
    let shift = argument.last.flatMap { units[$0] }
    guard let number = Int(shift == nil ? argument[...] : argument.dropLast()), number > 0 else { return nil }
    let (count, overflow) = number.multipliedReportingOverflow(by: 1 << (shift ?? 0))
    guard !overflow else { return nil }
    self.count = count
  }
}
