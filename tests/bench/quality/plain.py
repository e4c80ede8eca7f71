"""Plain BM25 over the same chunks: tantivy with its default tokenizer, and with identifiers split beforehand."""

import json
import re

import tantivy

LIMIT = 50


def whole(text):
    return text


def split(text):
    """Words as code has them: camelCase and digits cut; underscores the default tokenizer cuts itself."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])", " ", text)


def index(chunks, change):
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("place", stored=True, tokenizer_name="raw")
    schema.add_text_field("text")
    made = tantivy.Index(schema.build())
    writer = made.writer(heap_size=128_000_000, num_threads=1)
    for chunk in chunks:
        writer.add_document(tantivy.Document(place=chunk["place"], text=change(f"{chunk['path']}\n{chunk['text']}")))
    writer.commit()
    writer.wait_merging_threads()
    made.reload()
    return made


def ask(made, query, change):
    """Any of the words; the words of a literal in their order."""
    words = re.findall(r"\w+", change(query).lower())
    if not words:
        return []
    text = " ".join(words)
    searcher = made.searcher()
    parsed = made.parse_query(f'"{text}"' if query.startswith('"') else text, ["text"])
    return [searcher.doc(address)["place"][0] for _, address in searcher.search(parsed, LIMIT).hits]


def answers(work, repo, questions):
    """Variant → per question, the places of its hits."""
    with (work / "chunks" / f"{repo}.jsonl").open() as lines:
        chunks = [json.loads(line) for line in lines]
    out = {}
    for name, change in (("tantivy", whole), ("tantivy-split", split)):
        made = index(chunks, change)
        out[name] = [ask(made, question["query"], change) for question in questions]
    return out
