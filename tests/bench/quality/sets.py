"""Makes the sets of questions: trees, copies without some documentation, one workspace over them. See run.py."""

import json
import shutil

import commits
import docs
import literals
import symbols
from ground import Workspace, lay_out, place, repos_of, split_of


def make(binary, directories, work):
    """Leaves `work`/questions.jsonl, `work`/chunks/NAME.jsonl and the built workspace `work`/asked."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    repos = repos_of(directories)
    for repo in repos:
        lay_out(repo, work / "trees" / repo.name)
    names = [repo.name for repo in repos]
    whole = Workspace(binary, work / "whole", names, work / "trees")
    whole.build()
    asked = {name: docs.strip(whole, name, work / "trees" / name, work / "stripped" / name) for name in names}
    stripped = Workspace(binary, work / "asked", names, work / "stripped")
    stripped.build()
    shutil.rmtree(work / "whole" / ".sawmill")
    (work / "chunks").mkdir()
    with (work / "questions.jsonl").open("w") as out:
        for repo in repos:
            for question in of_repo(stripped, repo, asked[repo.name], work):
                out.write(json.dumps({"repo": repo.name, "split": split_of(repo.name), **question}) + "\n")


def of_repo(workspace, repo, asked, work):
    columns = ["chunk_id", "path", "kind", "start_line", "end_line", "text"]
    chunks = list(workspace.show("chunks", columns, repo.name))
    wanted = ["chunk_id", "path", "name", "qualified_name", "kind", "start_line", "end_line"]
    defined = list(workspace.show("symbols", wanted, repo.name))
    roles = workspace.roles(repo.name)
    with (work / "chunks" / f"{repo.name}.jsonl").open("w") as out:
        for chunk in chunks:
            if chunk["kind"] != "rest":
                out.write(json.dumps({"place": place(chunk), "path": chunk["path"], "text": chunk["text"]}) + "\n")
    yield from docs.questions(asked, defined, chunks)
    yield from symbols.questions(repo.name, defined, roles, chunks)
    yield from symbols.qualified(repo.name, defined, roles, chunks)
    if repo.history:
        yield from commits.questions(repo, {chunk["path"] for chunk in chunks if chunk["kind"] != "rest"})
    yield from literals.questions(repo.name, chunks)
