// swift-tools-version: 6.1
// Read top to bottom, this file is the layer diagram: a target may import only targets above it.
import PackageDescription

/// On by default; off, Thaw computes with its portable kernels and needs protobuf-c and zlib alone.
let oneDNN = "OneDNN"

let package = Package(
  name: "Thaw",
  products: [
    .library(name: "Thaw", targets: ["Thaw"]),
    .executable(name: "thaw", targets: ["ThawCommand"]),
    .executable(name: "thaw-bench", targets: ["ThawBenchmarks"]),
  ],
  traits: [
    .default(enabledTraits: [oneDNN]),
    .trait(name: oneDNN, description: "Compute with oneDNN (libdnnl-dev) where it has the primitive."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // C: system libraries, generated code, loops.
    .systemLibrary(name: "CProtobufC", providers: [.apt(["libprotobuf-c-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "COnnx", dependencies: ["CProtobufC"]),
    .target(
      name: "COneDNN",
      cxxSettings: [.define("THAW_ONEDNN", .when(traits: [oneDNN]))],
      linkerSettings: [.linkedLibrary("dnnl", .when(traits: [oneDNN]))]),
    .target(name: "CKernels"),
    .target(name: "CImageLibraries", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),

    // What the numbers are, and how they are computed.
    .target(name: "ThawTypes"),
    .target(
      name: "ThawKernels", dependencies: ["ThawTypes", "CKernels", "COneDNN"],
      swiftSettings: [.define("THAW_ONEDNN", .when(traits: [oneDNN]))]),

    // The engine, and beside it the file; neither knows of the other.
    .target(name: "ThawTensor", dependencies: ["ThawTypes", "ThawKernels", "CZlib", "CImageLibraries"]),
    .target(name: "ThawONNX", dependencies: ["ThawTypes", "COnnx", "CZlib"]),

    // Where both meet, what is built on them, and what people call.
    .target(name: "ThawGraph", dependencies: ["ThawTensor", "ThawONNX"]),
    .target(name: "ThawTraining", dependencies: ["ThawGraph"]),
    .target(name: "Thaw", dependencies: ["ThawTraining"]),
    .executableTarget(
      name: "ThawCommand",
      dependencies: ["Thaw", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    // The table of operator samples, which several test targets and the benchmarks ask their questions of.
    .target(name: "OperatorSamples", dependencies: ["ThawTensor"], path: "Tests/OperatorSamples"),
    .executableTarget(
      name: "ThawBenchmarks",
      dependencies: ["Thaw", "OperatorSamples", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    // Makes the files under Models/ anew.
    .executableTarget(name: "MakeModels", dependencies: ["Thaw"]),

    .testTarget(name: "ThawTypesTests", dependencies: ["ThawTypes"]),
    .testTarget(name: "ThawKernelsTests", dependencies: ["ThawKernels"]),
    .testTarget(
      name: "ThawTensorTests", dependencies: ["ThawTensor", "OperatorSamples"]),
    .testTarget(name: "ThawONNXTests", dependencies: ["ThawONNX"], exclude: ["Fixtures"]),
    .testTarget(
      name: "ThawGraphTests", dependencies: ["ThawGraph", "OperatorSamples"], exclude: ["Fixtures"]),
    .testTarget(name: "ThawTrainingTests", dependencies: ["ThawTraining"], exclude: ["Fixtures"]),
    .testTarget(name: "ThawTests", dependencies: ["Thaw"], exclude: ["Fixtures"]),
    .testTarget(name: "ThawCommandTests", dependencies: ["ThawCommand", "MakeModels", "Thaw"]),
    .testTarget(name: "ThawBenchmarksTests", dependencies: ["ThawBenchmarks", "ThawCommand", "Thaw"]),
  ]
)
