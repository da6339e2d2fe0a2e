import ArgumentParser
import Thaw

/// How a model is opened, and what its calls may use: the same for every subcommand that opens one.
struct OpeningOptions: ParsableArguments {
  @Flag(help: "Reads external data also through symbolic links that lead out of the model's folder.")
  var allowLinks = false
  @Option(
    help: ArgumentHelp(
      "The most memory that a call may take, as in 500MB or 8GiB (default: three quarters of what there is).",
      valueName: "size"),
    transform: ByteCount.init(argument:))
  var maxMemory: ByteCount?
  @Option(help: "The most seconds that a call may take (default: 3600).") var maxSeconds: Double?

  func validate() throws {
    if let maxSeconds, !(maxSeconds > 0) {
      throw ValidationError("--max-seconds should be a number above 0 and is \(maxSeconds)")
    }
  }

  func open(_ path: String) throws -> Model {
    let model = try Activity.run("opening \(path)") { try Model(contentsOf: path, allowLinks: allowLinks) }
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
