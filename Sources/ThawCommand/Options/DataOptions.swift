import ArgumentParser
import Thaw

/// What to train on and what to measure on.
struct DataOptions: ParsableArguments {
  @Option(help: "The data to train on, a .npz file.") var data: String
  @Option(help: "Held-out data to measure on, before and after; the training data when left out.") var test: String?
}
