//! Every diagnostic code of this folder.

use crate::config::codes::diagnostic_codes;

diagnostic_codes! { "plan":
    /// No kind has this name.
    UNKNOWN_KIND User "unknown_kind";
    /// A kind of workspace scope stands in a pipeline of repositories, or the other way round.
    KIND_SCOPE User "kind_scope";
    /// An input of a node of the workspace names a pipeline that repositories do not have.
    UNKNOWN_FEED User "unknown_feed";
    /// An input of a node of the workspace names a pipeline that no repository uses.
    UNUSED_FEED User "unused_feed";
    /// A node of the workspace selects a repository that is not there.
    UNKNOWN_MEMBER User "unknown_member";
    /// No repository feeds a node of the workspace.
    NO_MEMBER User "no_member";
    /// A kind that cannot run after promotion stands under `after`.
    NOT_A_STEP User "not_a_step";
    /// A kind that runs after promotion stands under `nodes`.
    NOT_A_NODE User "not_a_node";
    /// The pipeline has no node.
    NO_NODE User "no_node";
    /// Two nodes, or a node and a step, have one name.
    DUPLICATE_NAME User "duplicate_name";
    /// An input or `serve` names a node that is not there.
    UNKNOWN_NODE User "unknown_node";
    /// The kind has no such port.
    UNKNOWN_PORT User "unknown_port";
    /// A port that must be fed is not.
    MISSING_INPUT User "missing_input";
    /// A port is fed by several nodes.
    TOO_MANY_INPUTS User "too_many_inputs";
    /// The node on the other side does not write the tables that the port takes.
    EDGE_TYPE User "edge_type";
    /// An input without a port fits several.
    AMBIGUOUS_INPUT User "ambiguous_input";
    /// Nodes feed each other in a circle.
    CYCLE User "cycle";
    /// A node takes nothing and feeds nothing.
    UNUSED_NODE User "unused_node";
    /// The kind has no such parameter.
    UNKNOWN_PARAM User "unknown_param";
    /// A parameter has a value that the kind does not take.
    BAD_PARAM User "bad_param";
    /// `serve` names a node that is no index, or has to choose among several.
    SERVE User "serve";
    /// A kind that works file by file is fed by one whose rows of a file depend on other files, too.
    PER_FILE_INPUT User "per_file_input";
    /// Two kinds have one name, or one has a name that is taken.
    KIND_COLLISION Bug "kind_collision";
    /// Two kinds write different tables of one name.
    TABLE_COLLISION Bug "table_collision";
    /// A kind says something about itself that cannot be.
    BAD_KIND Bug "bad_kind";
    /// A repository's pipeline is not among those that were read.
    MISSING_PIPELINE User "missing_pipeline";
    /// Pipelines differ in what scores depend on, so a search leaves repositories out.
    COHORTS User "cohorts";
}
