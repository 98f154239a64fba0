"""A notebook from a script: start it, or find the one that runs, and open it in the browser."""

from canfar.sessions import Session

# On CANFAR, after `canfar login`: Session() instead of Session(server="local").
with Session(server="local") as session:
    running = session.fetch(kind="notebook", status=["Pending", "Running"])
    mine = [each for each in running if each.name == "explore"]
    ids = mine or session.create("explore", "skaha/astroml", kind="notebook")
    (notebook,) = session.wait(ids, timeout=300)
    print(f"{notebook.name} is {notebook.status}: {notebook.connect_url}")
    session.connect(notebook)

print("It goes on without this script; `canfar local stop` ends it.")
