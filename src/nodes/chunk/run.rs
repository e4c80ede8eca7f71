//! r
use crate::nodes::{Kind, NodeError, Output, ParamError, Params, Port, Task};
use crate::table::TableSchema;
use serde_json::{Map, Value};
pub struct Chunk;
pub static KIND: Chunk = Chunk;
impl Kind for Chunk {
    fn name(&self) -> &'static str {
        "chunk"
    }
    fn summary(&self) -> &'static str {
        ""
    }
    fn format(&self) -> u32 {
        1
    }
    fn ports(&self) -> &'static [Port] {
        &[]
    }
    fn outputs(&self) -> &'static [&'static TableSchema] {
        &[]
    }
    fn param_schema(&self) -> schemars::Schema {
        schemars::json_schema!({})
    }
    fn params(&self, _given: &Map<String, Value>) -> Result<Params, Vec<ParamError>> {
        Ok(Params::new(()))
    }
    fn needs_bytes(&self) -> bool {
        true
    }
    fn per_file(&self) -> bool {
        true
    }
    fn run(&self, _task: &Task<'_>) -> Result<Vec<Output>, NodeError> {
        Ok(Vec::new())
    }
}
