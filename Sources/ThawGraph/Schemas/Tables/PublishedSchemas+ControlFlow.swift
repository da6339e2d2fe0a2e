extension PublishedSchemas {
  /// ONNX's family `controlflow`; the form is told at `PublishedSchemas`.
  static let controlFlow = """
    If 1 | cond B | outputs~1 V | V @tensors, B bool | else_branch! graph, then_branch! graph
    If 11 | cond B | outputs~1 V | V @tensors, B bool | else_branch! graph, then_branch! graph
    If 13 | cond B | outputs~1 V | V @tensors seq(@tensors), B bool | else_branch! graph, then_branch! graph
    If 16 | cond B | outputs~1 V | V @tensors bfloat16 seq(@tensors bfloat16) optional(@tensors bfloat16 seq(@tensors
      bfloat16)), B bool | else_branch! graph, then_branch! graph
    If 19 | cond B | outputs~1 V | V @tensors @float8 bfloat16 seq(@tensors @float8 bfloat16) optional(@tensors
      @float8 bfloat16 seq(@tensors bfloat16)), B bool | else_branch! graph, then_branch! graph
    If 21 | cond B | outputs~1 V | V @tensors @float8 bfloat16 uint4 int4 seq(@tensors @float8 bfloat16 uint4 int4)
      optional(@tensors @float8 bfloat16 uint4 int4 seq(@tensors bfloat16)), B bool | else_branch! graph, then_branch!
      graph
    If 23 | cond B | outputs~1 V | V @tensors @float8 bfloat16 uint4 int4 float4e2m1 seq(@tensors @float8 bfloat16
      uint4 int4 float4e2m1) optional(@tensors @float8 bfloat16 uint4 int4 float4e2m1 seq(@tensors bfloat16)), B bool
      | else_branch! graph, then_branch! graph
    If 24 | cond B | outputs~1 V | V @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 seq(@tensors @float8
      bfloat16 uint4 int4 float4e2m1 float8e8m0) optional(@tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0
      seq(@tensors bfloat16)), B bool | else_branch! graph, then_branch! graph
    If 25 | cond B | outputs~1 V | V @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2
      seq(@tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2) optional(@tensors @float8 bfloat16
      uint4 int4 float4e2m1 float8e8m0 uint2 int2 seq(@tensors bfloat16)), B bool | else_branch! graph, then_branch!
      graph
    Loop 1 | M? I, cond? B, v_initial~1 V | v_final_and_scan_outputs~1 V | V @tensors, I int64, B bool | body! graph
    Loop 11 | M? I, cond? B, v_initial~0 V | v_final_and_scan_outputs~1 V | V @tensors, I int64, B bool | body! graph
    Loop 13 | M? I, cond? B, v_initial~0 V | v_final_and_scan_outputs~1 V | V @tensors seq(@tensors), I int64, B bool
      | body! graph
    Loop 16 | M? I, cond? B, v_initial~0 V | v_final_and_scan_outputs~1 V | V @tensors bfloat16 seq(@tensors bfloat16)
      optional(@tensors bfloat16 seq(@tensors bfloat16)), I int64, B bool | body! graph
    Loop 19 | M? I, cond? B, v_initial~0 V | v_final_and_scan_outputs~1 V | V @tensors @float8 bfloat16 seq(@tensors
      @float8 bfloat16) optional(@tensors @float8 bfloat16 seq(@tensors bfloat16)), I int64, B bool | body! graph
    Loop 21 | M? I, cond? B, v_initial~0 V | v_final_and_scan_outputs~1 V | V @tensors @float8 bfloat16 uint4 int4
      seq(@tensors @float8 bfloat16 uint4 int4) optional(@tensors @float8 bfloat16 uint4 int4 seq(@tensors bfloat16)),
      I int64, B bool | body! graph
    Loop 23 | M? I, cond? B, v_initial~0 V | v_final_and_scan_outputs~1 V | V @tensors @float8 bfloat16 uint4 int4
      float4e2m1 seq(@tensors @float8 bfloat16 uint4 int4 float4e2m1) optional(@tensors @float8 bfloat16 uint4 int4
      float4e2m1 seq(@tensors bfloat16)), I int64, B bool | body! graph
    Loop 24 | M? I, cond? B, v_initial~0 V | v_final_and_scan_outputs~1 V | V @tensors @float8 bfloat16 uint4 int4
      float4e2m1 float8e8m0 seq(@tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0) optional(@tensors @float8
      bfloat16 uint4 int4 float4e2m1 float8e8m0 seq(@tensors bfloat16)), I int64, B bool | body! graph
    Loop 25 | M? I, cond? B, v_initial~0 V | v_final_and_scan_outputs~1 V | V @tensors @float8 bfloat16 uint4 int4
      float4e2m1 float8e8m0 uint2 int2 seq(@tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2)
      optional(@tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2 seq(@tensors bfloat16)), I int64,
      B bool | body! graph
    Scan 8 | sequence_lens? I, initial_state_and_scan_inputs~1 V | final_state_and_scan_outputs~1 V | I int64, V
      @tensors | body! graph, directions ints, num_scan_inputs! int
    Scan 9 | initial_state_and_scan_inputs~1 V | final_state_and_scan_outputs~1 V | V @tensors | body! graph,
      num_scan_inputs! int, scan_input_axes ints, scan_input_directions ints, scan_output_axes ints,
      scan_output_directions ints
    Scan 11 | initial_state_and_scan_inputs~1 V | final_state_and_scan_outputs~1 V | V @tensors | body! graph,
      num_scan_inputs! int, scan_input_axes ints, scan_input_directions ints, scan_output_axes ints,
      scan_output_directions ints
    Scan 16 | initial_state_and_scan_inputs~1 V | final_state_and_scan_outputs~1 V | V @tensors bfloat16 | body!
      graph, num_scan_inputs! int, scan_input_axes ints, scan_input_directions ints, scan_output_axes ints,
      scan_output_directions ints
    Scan 19 | initial_state_and_scan_inputs~1 V | final_state_and_scan_outputs~1 V | V @tensors @float8 bfloat16 |
      body! graph, num_scan_inputs! int, scan_input_axes ints, scan_input_directions ints, scan_output_axes ints,
      scan_output_directions ints
    Scan 21 | initial_state_and_scan_inputs~1 V | final_state_and_scan_outputs~1 V | V @tensors @float8 bfloat16 uint4
      int4 | body! graph, num_scan_inputs! int, scan_input_axes ints, scan_input_directions ints, scan_output_axes
      ints, scan_output_directions ints
    Scan 23 | initial_state_and_scan_inputs~1 V | final_state_and_scan_outputs~1 V | V @tensors @float8 bfloat16 uint4
      int4 float4e2m1 | body! graph, num_scan_inputs! int, scan_input_axes ints, scan_input_directions ints,
      scan_output_axes ints, scan_output_directions ints
    Scan 24 | initial_state_and_scan_inputs~1 V | final_state_and_scan_outputs~1 V | V @tensors @float8 bfloat16 uint4
      int4 float4e2m1 float8e8m0 | body! graph, num_scan_inputs! int, scan_input_axes ints, scan_input_directions
      ints, scan_output_axes ints, scan_output_directions ints
    Scan 25 | initial_state_and_scan_inputs~1 V | final_state_and_scan_outputs~1 V | V @tensors @float8 bfloat16 uint4
      int4 float4e2m1 float8e8m0 uint2 int2 | body! graph, num_scan_inputs! int, scan_input_axes ints,
      scan_input_directions ints, scan_output_axes ints, scan_output_directions ints
    """
}
