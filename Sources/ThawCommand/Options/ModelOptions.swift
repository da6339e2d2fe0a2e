import ArgumentParser
import Thaw

/// What of the model trains, and how it computes while it does.
struct ModelOptions: ParsableArguments {
  @OptionGroup var layers: LayerOptions
  @Option(help: "Whose statistics BatchNormalization uses: the file's, or each batch's.")
  var batchNorm = BatchNormArgument.frozen
  @Option(help: "Whether Dropout draws while the model is trained.") var dropout = DropoutArgument.on
  @OptionGroup var inputs: InputOptions

  var output: String? { layers.output }

  /// See `LayerOptions.prepared(_:seed:)`.
  func prepared(_ opened: Model, seed: UInt64) throws -> Model { try layers.prepared(opened, seed: seed) }
}
