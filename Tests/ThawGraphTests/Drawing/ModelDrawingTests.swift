import Foundation
import Testing
import ThawTensor

@testable import ThawGraph

@Suite("Drawing of a model") struct ModelDrawingTests {
  private func model(layers: Int, frozen: Int = 0) throws -> Model {
    let weights = try (0..<layers).map { layer in
      Parameter(
        "w\(layer)", try RandomGenerator(seed: 1).uniform([4, 4], from: -1, to: 1),
        role: layer < frozen ? .frozen : .trainable)
    }
    let graph = try Graph.record(inputs: ["x": .float32("N", 4)], output: "y", parameters: weights) { x in
      try weights.reduce(x) { x, w in (x + x.matmul(try w.value()).relu()).tanh() }
    }
    return try Model(graph)
  }

  @Test("roles, shapes, and the part without a gradient") func parts() throws {
    let text = ModelDrawing(try model(layers: 2, frozen: 1)).dot
    #expect(text.contains("in0 [label=\"x\\nN×4\""), "\(text)")
    let frozen = "BGCOLOR=\"#b9d8f5\" BORDER=\"1\" COLOR=\"#8aa0b6\" STYLE=\"ROUNDED,DASHED\">"
    let row = "<TR><TD ALIGN=\"LEFT\" \(frozen)<FONT POINT-SIZE=\"9\">B  4×4  frozen</FONT></TD></TR>"
    #expect(text.contains("<B>MatMul</B></TD></TR>\(row)"))
    #expect(text.components(separatedBy: "class=\"operation backward\"").count - 1 == 4)
    #expect(text.components(separatedBy: "class=\"operation still\"").count - 1 == 4)
    #expect(text.contains("\(frozen)<FONT POINT-SIZE=\"9\">frozen</FONT></TD><TD ALIGN=\"LEFT\">1 tensor, 16  </TD>"))
    #expect(text.contains("[label=\" N×4\", class=\"backward\"") && text.contains("tooltip=\"MatMul"))
  }

  @Test("blocks are drawn once, frozen ones apart; unfolded, all of them") func blocks() throws {
    let model = try model(layers: 7, frozen: 3)
    let folded = ModelDrawing(model)
    #expect(folded.dot.contains("label=\"× 3\"") && folded.dot.contains("label=\"× 4\""))
    #expect(folded.size.boxes == 4 + 4 + 2 && folded.extent == "28 nodes in 10 boxes")
    let unfolded = ModelDrawing(model, isUnfolded: true)
    #expect(!unfolded.dot.contains("cluster"))
    #expect(unfolded.size.boxes == 28 + 2)
  }

  @Test("without parameters, the explanation of colours holds no empty table") func noParameters() throws {
    let graph = try Graph.record(inputs: ["x": .float32([2])], output: "y") { x in -x }
    #expect(!ModelDrawing(try Model(graph)).dot.contains("<TR></TR>"))
  }

  @Test("a name that ends in no kind of drawing") func formats() throws {
    let drawing = ModelDrawing(try model(layers: 1))
    let error = #expect(throws: DrawingError.self) { try drawing.write(to: "x.pdf") }
    #expect(error?.message == "x.pdf: a drawing's name should end in .svg, .png, .dot or .html")
    #expect(DrawingFormat(path: "a/b.SVG") == .svg && DrawingFormat(path: "svg") == nil)
  }

  @Test("statistics of weights") func statistics() throws {
    let few = try WeightStatistics(Tensor([1, 2, 3, 6, .nan, .infinity] as [Float]))
    #expect((few.count, few.nonFiniteCount) == (6, 2))
    #expect((few.min, few.max, few.mean) == (1, 6, 3))
    #expect(abs((few.std ?? 0) - 3.5.squareRoot()) < 1e-12)
    #expect(few.histogram.reduce(0, +) == 4 && few.histogram.last == 1)
    #expect(few.zeroCount == 0)
    let largest = Double.greatestFiniteMagnitude
    let far = try WeightStatistics(Tensor(elements: [-largest, 0, largest]))
    #expect(far.histogram.first == 1 && far.histogram[12] == 1 && far.histogram.last == 1 && far.zeroCount == 1)
    let near = try WeightStatistics(Tensor(elements: [0, .leastNonzeroMagnitude] as [Double]))
    #expect(near.histogram.reduce(0, +) == 2)
    #expect(try WeightStatistics(Tensor([.nan] as [Float])).min == nil)
  }
}
