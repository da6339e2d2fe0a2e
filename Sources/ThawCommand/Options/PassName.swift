import ArgumentParser
import ThawGraph

/// A pass of the compiler as it is written on the command line.
struct PassName: ExpressibleByArgument {
  let pass: CompilerOptions.Pass

  static var allValueStrings: [String] { CompilerOptions.Pass.allCases.map(\.rawValue) }

  init?(argument: String) {
    guard let pass = CompilerOptions.Pass(rawValue: argument) else { return nil }
    self.pass = pass
  }
}
