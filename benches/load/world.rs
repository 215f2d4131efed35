//! Who and what there is: people of one customer who may use one client, by way of a group.

use super::{
    http::{Connection, JSON, post},
    operation::{Party, Purse},
    server::Server,
};
use argus::entropy::{Entropy, SystemEntropy};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use std::fs;

const PEOPLE: usize = 8;
const PASSWORD: &str = "seven kettles on a slow stove";
const CLIENT: &str = "load";
const REDIRECT_URI: &str = "https://load.example/callback";

/// What was seeded.
pub(crate) struct World {
    pub(crate) party: Party,
    /// Of each person.
    sessions: Vec<String>,
}

impl World {
    /// Makes it by the command line, as an operator would, and signs everybody in.
    pub(crate) async fn seed(server: &Server) -> Self {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), definitions()).unwrap();
        let secret = generated_secret();
        let variables = [("PASSWORD", PASSWORD), ("SECRET", secret.as_str())];
        let settings = &server.settings;
        settings.administer(&["apply", file.path().to_str().unwrap()], &variables);
        let key = settings.administer(&["user", "api-key", "create", "person-0", "--source", "127.0.0.0/8"], &[]);
        let party = Party {
            client: format!("Authorization: Basic {}\r\n", STANDARD.encode(format!("{CLIENT}:{secret}"))),
            api_key: format!("Argus-API-Key: {key}\r\n"),
            client_id: CLIENT.to_owned(),
            redirect_uri: REDIRECT_URI.to_owned(),
        };
        let mut sessions = Vec::new();
        for person in 0..PEOPLE {
            sessions.push(sign_in(server, person).await);
        }
        Self { party, sessions }
    }

    /// One for each connection; several share a session, as tabs of a browser do.
    pub(crate) fn purses(&self, connections: usize) -> Vec<Purse> {
        let people = self.sessions.iter().zip(0..).cycle().take(connections);
        people.map(|(session, person)| Purse::new(session, credentials(person))).collect()
    }
}

/// One that nobody can guess: the server hashes it with SHA-256, which is no work.
fn generated_secret() -> String {
    let mut bytes = [0; 32];
    SystemEntropy::default().fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn credentials(person: usize) -> String {
    format!(r#"{{"userName":"person-{person}","password":"{PASSWORD}"}}"#)
}

async fn sign_in(server: &Server, person: usize) -> String {
    let mut connection = Connection::open(server.address).await.unwrap();
    let request = post("/authentication/v1/password/authentication", "", (JSON, &credentials(person)));
    let answer = connection.ask(&request).await.unwrap();
    answer.text("requestCredentialsData").to_owned()
}

fn definitions() -> String {
    let names: Vec<_> = (0..PEOPLE).map(|person| format!("person-{person}")).collect();
    let people = names.iter().map(|name| {
        format!(
            "[[user]]\nuser_name = '{name}'\nname = 'Somebody'\nemail = '{name}@mail.example'\ncustomer = 'acme'\n\
             password_env = 'PASSWORD'\n"
        )
    });
    let client = format!(
        "[[client]]\nshortName = '{CLIENT}'\nname = 'Load'\ndescription = 'Load'\nmainURI = 'https://load.example/'\n\
         redirectURIs = ['{REDIRECT_URI}']\nclientIPRange = ['127.0.0.0/8']\nauthenticationMethod = 'password'\n\
         clientSecretEnv = 'SECRET'\ncustomer = 'acme'\nrequiredFunction = 'customerUser'\npermissionScope = 'customerUser'\n"
    );
    let group = format!(
        "[[group]]\nshort_name = 'staff'\nname = 'Staff'\ncustomer = 'acme'\nusers = {names:?}\n\
         permissions = [{{ function = 'customerUser', customer = 'acme' }}]\n"
    );
    let customer = "[[customer]]\nshort_name = 'acme'\nname = 'Acme'\n".to_owned();
    [customer].into_iter().chain(people).chain([group, client]).collect()
}
