//! The two things that every aggregate would otherwise repeat: the cqrs-es contract around `decide` and `evolve`, and the
//! stored name and version of each event.

/// Implements [`cqrs_es::Aggregate`] for a type with `decide(&self, Command) -> Result<Vec<Event>, Error>` and
/// `evolve(&mut self, Event)`.
macro_rules! aggregate {
    ($aggregate:ty, $type:literal, $command:ty, $event:ty, $error:ty) => {
        impl cqrs_es::Aggregate for $aggregate {
            const TYPE: &'static str = $type;
            type Command = $command;
            type Event = $event;
            type Error = $error;
            type Services = ();

            async fn handle(
                &mut self,
                command: Self::Command,
                _: &Self::Services,
                sink: &cqrs_es::event_sink::EventSink<Self>,
            ) -> Result<(), Self::Error> {
                for event in self.decide(command)? {
                    sink.write(event, self).await;
                }
                Ok(())
            }

            fn apply(&mut self, event: Self::Event) {
                self.evolve(event);
            }
        }
    };
}

/// Implements [`cqrs_es::DomainEvent`] from a list `Variant => "stored.name" "version"`. A stored name is never changed; a
/// new shape is a new version and an upcaster.
macro_rules! stored_as {
    ($event:ty { $($variant:ident => $name:literal $version:literal),+ $(,)? }) => {
        impl cqrs_es::DomainEvent for $event {
            fn event_type(&self) -> String {
                match self { $(Self::$variant { .. } => $name,)+ }.to_owned()
            }

            fn event_version(&self) -> String {
                match self { $(Self::$variant { .. } => $version,)+ }.to_owned()
            }
        }

        impl $event {
            /// Every stored event type with its newest version, in the order of declaration.
            pub const STORED_AS: &'static [(&'static str, &'static str)] = &[$(($name, $version)),+];
        }
    };
}
